package io.memspike.oom;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Reads a JSON object whole, and keeps to a bound of memory whatever it holds. */
final class JsonTree {
    /** null, as the value of a field. */
    static final Object NULL = new Object();
    /** Any value that nobody can want: a fraction, a number of more than 64 bits, an array of numbers and others. */
    static final Object UNFIT = new Object();

    /** In bytes, about: of a field or an element with what Java adds to it. */
    private static final int COST = 200;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(IncidentJson.LARGEST)
                    .maxStringLength(64 << 10)
                    .maxNestingDepth(20)
                    .build())
            .build();

    private final JsonParser json;
    private long spent;

    private JsonTree(JsonParser json) {
        this.json = json;
    }

    static JsonFields read(InputStream in) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            JsonToken first = json.nextToken();
            if (first != JsonToken.START_OBJECT) {
                throw new Malformed(first == null ? "empty" : "JSON, but no object");
            }
            JsonFields fields = new JsonTree(json).object("");
            if (json.nextToken() != null) {
                throw new Malformed("something follows the incident");
            }
            return fields;
        } catch (StreamConstraintsException e) {
            throw new Malformed("longer or deeper than an incident can be");
        } catch (JacksonException | CharConversionException e) {
            // Jackson says only sometimes that it was cut off. The latter exception is of what it takes
            // for UTF-16 or UTF-32.
            throw new Malformed("no JSON, or cut off");
        }
    }

    private JsonFields object(String path) throws IOException {
        Map<String, Object> values = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            spend(COST);
            json.nextToken();
            values.put(name, value(path + JsonFields.printable(name)));
        }
        return new JsonFields(path, values);
    }

    private Object value(String path) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> object(path + ".");
            case START_ARRAY -> array(path);
            case VALUE_STRING -> json.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NULL;
            case VALUE_NUMBER_INT -> isLong() ? (Object) json.getLongValue() : UNFIT;
            default -> UNFIT;
        };
    }

    private Object array(String path) throws IOException {
        JsonToken first = json.nextToken();
        if (first == JsonToken.END_ARRAY || first.isNumeric() || first == JsonToken.VALUE_NULL) {
            return numbers();
        }
        List<Object> elements = new ArrayList<>();
        for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
            spend(COST);
            elements.add(value(path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private Object numbers() throws IOException {
        LongStream.Builder numbers = LongStream.builder();
        boolean fit = true;
        for (; json.currentToken() != JsonToken.END_ARRAY; json.nextToken()) {
            spend(Long.BYTES);
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                numbers.add(Incident.Series.ABSENT);
            } else if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && isLong()) {
                numbers.add(json.getLongValue());
            } else {
                fit = false;
                json.skipChildren();
            }
        }
        return fit ? numbers.build().toArray() : UNFIT;
    }

    /** {@link Incident.Series#ABSENT} is no number. */
    private boolean isLong() throws IOException {
        return json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && json.getLongValue() != Incident.Series.ABSENT;
    }

    private void spend(int bytes) throws Malformed {
        spent += bytes;
        if (spent > IncidentJson.LARGEST) {
            throw new Malformed("with more fields than an incident can have");
        }
    }
}
