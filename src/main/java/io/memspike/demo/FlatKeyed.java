package io.memspike.demo;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The numbers of a flat keyed kernel file: one line {@code key value} for each constant, in their order. */
final class FlatKeyed<K extends Enum<K>> {
    private final Map<K, Line> byKey;
    private final Line[] lines;
    private int version;

    FlatKeyed(Class<K> keys) {
        byKey = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            byKey.put(key, new Line(key.name().toLowerCase(Locale.ROOT)));
        }
        lines = byKey.values().toArray(new Line[0]);
    }

    long get(K key) {
        return line(key).value;
    }

    void add(K key, long delta) {
        line(key).value += delta;
        version++;
    }

    void clear() {
        for (Line line : lines) {
            line.value = 0;
        }
        version++;
    }

    /** Differs from an earlier value when the file's content does. */
    int version() {
        return version;
    }

    void appendTo(Text text) {
        for (Line line : lines) {
            text.put(line.label).put(line.value).newline();
        }
    }

    private Line line(K key) {
        return Objects.requireNonNull(byKey.get(key));
    }

    private static final class Line {
        final byte[] label;
        long value;

        Line(String key) {
            label = (key + ' ').getBytes(StandardCharsets.US_ASCII);
        }
    }
}
