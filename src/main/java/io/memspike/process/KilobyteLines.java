package io.memspike.process;

import io.memspike.linux.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The format of /proc/PID/status and smaps_rollup: a name, a colon, blanks, and kilobytes (of 1,024) in each line that
 * is wanted; other lines say what they like.
 *
 * <pre>
 * Name:	postgres
 * VmRSS:	    1676 kB
 * </pre>
 *
 * Allocates nothing, and keeps nothing from one file to the next.
 */
final class KilobyteLines {
    /** More kilobytes than these digits hold aren't a long of bytes. */
    private static final int MOST_DIGITS = 15;

    private final int required;
    private final byte[][] keys;

    /**
     * @param required how many of the keys, from the first on, a file can't be without
     * @param keys what is wanted, in the order of the results
     */
    KilobyteLines(int required, String... keys) {
        this.required = required;
        this.keys = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            this.keys[i] = (keys[i] + ':').getBytes(StandardCharsets.US_ASCII);
        }
    }

    /**
     * Reads the wanted values.
     *
     * @param values receives bytes, or {@link Footprint#UNKNOWN} for a key that isn't there
     * @return {@link Outcome#OK}, or {@link Outcome#MALFORMED} (with every value unknown) when a wanted line isn't in
     *     the kernel's form or stands twice, a required one is missing, or the last line isn't ended
     */
    Outcome parse(byte[] text, int length, long[] values) {
        Arrays.fill(values, 0, keys.length, Footprint.UNKNOWN);
        if (length > 0 && text[length - 1] == '\n' && scan(text, length, values) && complete(values)) {
            return Outcome.OK;
        }
        Arrays.fill(values, 0, keys.length, Footprint.UNKNOWN);
        return Outcome.MALFORMED;
    }

    private boolean complete(long[] values) {
        for (int i = 0; i < required; i++) {
            if (values[i] == Footprint.UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    private boolean scan(byte[] text, int length, long[] values) {
        for (int line = 0; line < length; line = nextLine(text, line)) {
            int key = keyAt(text, length, line);
            if (key < 0) {
                continue;
            }
            long bytes = bytes(text, line + keys[key].length);
            if (bytes < 0 || values[key] != Footprint.UNKNOWN) {
                return false;
            }
            values[key] = bytes;
        }
        return true;
    }

    private int keyAt(byte[] text, int length, int at) {
        for (int i = 0; i < keys.length; i++) {
            int end = at + keys[i].length;
            if (end <= length && Arrays.equals(text, at, end, keys[i], 0, keys[i].length)) {
                return i;
            }
        }
        return -1;
    }

    /** The bytes, or -1 when it isn't a number of kB. Stays within the line, and the last line is ended. */
    private static long bytes(byte[] text, int from) {
        int at = from;
        while (text[at] == ' ' || text[at] == '\t') {
            at++;
        }
        int digits = at;
        long number = 0;
        while (at - digits < MOST_DIGITS && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + (text[at++] - '0');
        }
        boolean kernelsForm =
                at > digits && text[at] == ' ' && text[at + 1] == 'k' && text[at + 2] == 'B' && text[at + 3] == '\n';
        return kernelsForm ? number * 1024 : -1;
    }

    private static int nextLine(byte[] text, int from) {
        int at = from;
        while (text[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
