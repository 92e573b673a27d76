package io.memspike.oom;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, asked for by name and type. What isn't asked for may be anything.
 *
 * @param path of the object in the document, as a prefix: {@code victim.}
 * @param values by name: String, Boolean, Long, long[] (null in it as {@link Incident.Series#ABSENT}), List of other
 *     arrays' elements, JsonFields; or {@link JsonTree#NULL}, {@link JsonTree#UNFIT}
 */
record JsonFields(String path, Map<String, Object> values) {
    static JsonFields read(InputStream in) throws IOException {
        return JsonTree.read(in);
    }

    String text(String name) throws Malformed {
        return as(String.class, name, "no text");
    }

    boolean flag(String name) throws Malformed {
        return as(Boolean.class, name, "neither true nor false");
    }

    long number(String name) throws Malformed {
        return as(Long.class, name, "no whole number of 64 bits");
    }

    @Nullable
    Long numberOrNull(String name) throws Malformed {
        return isNull(name) ? null : (Long) number(name);
    }

    /** A number that fits an int. */
    int count(String name) throws Malformed {
        long value = number(name);
        if (value != (int) value) {
            throw new Malformed(path + name + " is no whole number of 32 bits");
        }
        return (int) value;
    }

    long[] numbers(String name) throws Malformed {
        return as(long[].class, name, "no array of whole numbers of 64 bits");
    }

    JsonFields object(String name) throws Malformed {
        return as(JsonFields.class, name, "no object");
    }

    @Nullable
    JsonFields objectOrNull(String name) throws Malformed {
        return isNull(name) ? null : object(name);
    }

    List<JsonFields> objects(String name) throws Malformed {
        // An empty array can't be told from one of numbers.
        if (value(name) instanceof long[] numbers && numbers.length == 0) {
            return List.of();
        }
        List<JsonFields> objects = new ArrayList<>();
        for (Object each : as(List.class, name, "no array of objects")) {
            if (!(each instanceof JsonFields object)) {
                throw new Malformed(path + name + " is no array of objects");
            }
            objects.add(object);
        }
        return objects;
    }

    Set<String> names() {
        return values.keySet();
    }

    private boolean isNull(String name) throws Malformed {
        return value(name) == JsonTree.NULL;
    }

    private <T> T as(Class<T> type, String name, String otherwise) throws Malformed {
        Object value = value(name);
        if (!type.isInstance(value)) {
            throw new Malformed(path + printable(name) + " is " + otherwise);
        }
        return type.cast(value);
    }

    private Object value(String name) throws Malformed {
        Object value = values.get(name);
        if (value == null) {
            throw new Malformed(path + name + " is missing");
        }
        return value;
    }

    /** Names of columns are what was read. */
    static String printable(String name) {
        return name.length() <= 64 && name.matches("[\\w.-]+") ? name : "a field";
    }
}
