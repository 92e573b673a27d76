package io.memspike.pod;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks through the value that a parser stands on, and leaves it at the value's end. A value of another type than the
 * one asked for, null among them, has no fields, no elements and no text.
 */
record JsonFields(JsonParser json) {
    /** Told each field's name, with the parser on its value, which it may leave unread. */
    interface Field {
        void read(String name) throws IOException;
    }

    /** Called with the parser on an element, which it may leave unread. */
    interface Element {
        void read() throws IOException;
    }

    void forEach(Field field) throws IOException {
        if (json.currentToken() == JsonToken.START_OBJECT) {
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                json.nextToken();
                field.read(name);
                json.skipChildren();
            }
        }
    }

    void forEachElement(Element element) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                element.read();
                json.skipChildren();
            }
        }
    }

    /** A string, or a number or boolean as it is written; an empty one is none. */
    @Nullable
    String text() throws IOException {
        JsonToken token = json.currentToken();
        if (!token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            return null;
        }
        String text = json.getText();
        return text.isEmpty() ? null : text;
    }
}
