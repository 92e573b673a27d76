package io.memspike.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernel's formats read the obvious way: split into strings, compare, parse. Slow, and shares no code with the
 * parsers that it is compared with. A result of null says malformed; in an array, {@link #NONE} says no such key.
 */
public final class Reference {
    public static final long NONE = Long.MIN_VALUE;
    public static final long MAX = Long.MAX_VALUE;

    private Reference() {}

    /** Flat keyed text: a value for each wanted key, of which the first {@code required} must be there. */
    public static long[] flatKeyed(byte[] bytes, int required, List<String> keys) {
        String text = latin(bytes);
        if (!text.endsWith("\n")) {
            return null;
        }
        long[] values = new long[keys.size()];
        for (int i = 0; i < values.length; i++) {
            String prefix = keys.get(i) + " ";
            values[i] = NONE;
            for (String line : text.split("\n", -1)) {
                if (line.startsWith(prefix)) {
                    values[i] = number(line.substring(prefix.length()));
                    if (values[i] == NONE) {
                        return null;
                    }
                    break;
                }
            }
            if (values[i] == NONE && i < required) {
                return null;
            }
        }
        return values;
    }

    /** Whether a wanted key stands twice, which no kernel writes. */
    public static boolean hasDuplicates(byte[] bytes, List<String> keys) {
        List<String> lines = List.of(latin(bytes).split("\n", -1));
        return keys.stream()
                .anyMatch(key -> lines.stream()
                                .filter(line -> line.startsWith(key + " "))
                                .count()
                        > 1);
    }

    /** {@code some} and {@code full} totals of memory.pressure. */
    public static long[] pressure(byte[] bytes) {
        String text = latin(bytes);
        if (!text.endsWith("\n")) {
            return null;
        }
        long[] values = {NONE, NONE};
        for (String line : text.split("\n", -1)) {
            int which = line.startsWith("some ") ? 0 : line.startsWith("full ") ? 1 : -1;
            if (which >= 0) {
                int at = line.lastIndexOf(" total=");
                values[which] = at < 0 ? NONE : number(line.substring(at + " total=".length()));
            }
        }
        return values[0] == NONE || values[1] == NONE ? null : values;
    }

    /** One number or {@code max} in one line; {@link #NONE} when malformed. */
    public static long single(byte[] bytes) {
        String text = latin(bytes);
        return text.equals("max\n") ? MAX : text.endsWith("\n") ? number(text.substring(0, text.length() - 1)) : NONE;
    }

    /** The kB of SwapFree in /proc/meminfo; -1 when malformed. */
    public static long swapFreeKilobytes(byte[] bytes) {
        String[] lines = latin(bytes).split("\n", -1);
        // The last element has no newline, and SwapFree is nowhere the first line.
        for (int i = 1; i < lines.length; i++) {
            if (lines[i].startsWith("SwapFree:")) {
                boolean ended = i < lines.length - 1;
                String rest = lines[i].substring("SwapFree:".length()).replaceFirst("^ *", "");
                return ended && rest.matches("[0-9]{1,15} kB")
                        ? Long.parseLong(rest.substring(0, rest.length() - 3))
                        : -1;
            }
        }
        return -1;
    }

    /** Bytes of the {@code key:} lines in kB, of which the first {@code required} must be there. */
    public static long[] kilobyteLines(byte[] bytes, int required, List<String> keys) {
        String text = latin(bytes);
        if (!text.endsWith("\n")) {
            return null;
        }
        long[] values = new long[keys.size()];
        for (int i = 0; i < values.length; i++) {
            String prefix = keys.get(i) + ":";
            List<String> found = Stream.of(text.split("\n", -1))
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .toList();
            boolean good = found.stream().allMatch(rest -> rest.matches("[ \t]*[0-9]{1,15} kB")) && found.size() <= 1;
            if (!good || (found.isEmpty() && i < required)) {
                return null;
            }
            values[i] = found.isEmpty() ? NONE : Long.parseLong(found.get(0).replaceAll("[^0-9]", "")) * 1024;
        }
        return values;
    }

    private static long number(String digits) {
        if (!digits.matches("[0-9]{1,19}")) {
            return NONE;
        }
        BigInteger number = new BigInteger(digits);
        return number.compareTo(BigInteger.valueOf(Long.MAX_VALUE)) < 0 ? number.longValueExact() : NONE;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
