package io.memspike.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values of lines such as these, in bytes: of /proc/meminfo, /proc/PID/status and /proc/PID/smaps_rollup (proc(5)).
 *
 * <pre>
 * SwapFree:        1048576 kB
 * </pre>
 *
 * Allocates nothing. Of a key that comes twice, the first counts.
 */
public final class Kilobytes {
    /** There is no such line. */
    public static final long ABSENT = Long.MIN_VALUE;

    /** More kilobytes than these digits hold aren't a long of bytes. */
    private static final int MOST_DIGITS = 15;

    private static final byte[] UNIT = " kB\n".getBytes(StandardCharsets.US_ASCII);

    private final byte[][] keys;

    /** @param keys as they stand in the file, without the colon */
    public Kilobytes(String... keys) {
        this.keys = Arrays.stream(keys)
                .map(key -> (key + ":").getBytes(StandardCharsets.US_ASCII))
                .toArray(byte[][]::new);
    }

    /**
     * Takes the values out of a file.
     *
     * @param into a value for each key, {@link #ABSENT} for one that isn't there
     * @return false when a value isn't in the kernel's form; {@code into} is undefined then
     */
    public boolean parse(byte[] text, int length, long[] into) {
        Arrays.fill(into, 0, keys.length, ABSENT);
        for (int line = 0; line < length; line = nextLine(text, length, line)) {
            for (int key = 0; key < keys.length; key++) {
                if (into[key] == ABSENT && startsWith(text, length, line, keys[key])) {
                    into[key] = value(text, length, line + keys[key].length);
                    if (into[key] == ABSENT) {
                        return false;
                    }
                    break;
                }
            }
        }
        return true;
    }

    private static long value(byte[] text, int length, int from) {
        int at = from;
        while (at < length && (text[at] == ' ' || text[at] == '\t')) {
            at++;
        }
        int digits = at;
        long number = 0;
        while (at < length && at - digits < MOST_DIGITS && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + (text[at++] - '0');
        }
        return at > digits && startsWith(text, length, at, UNIT) ? number * 1024 : ABSENT;
    }

    private static boolean startsWith(byte[] text, int length, int at, byte[] what) {
        return at + what.length <= length && Arrays.equals(text, at, at + what.length, what, 0, what.length);
    }

    private static int nextLine(byte[] text, int length, int from) {
        int at = from;
        while (at < length && text[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
