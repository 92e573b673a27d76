package io.memspike.cgroup;

import io.memspike.linux.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The flat keyed format (memory.stat, memory.events, cgroup.events): a key, a blank and a number in each line.
 *
 * <pre>
 * anon 41943040
 * file 0
 * </pre>
 *
 * Documentation/admin-guide/cgroup-v2.rst, "Interface Files" (flat keyed), which warns that new keys may come up in
 * the middle. So keys are always compared; but where each wanted key stood in the last file, counted from the end of
 * the value wanted before it, is remembered and looked at first. The kernel's order never changes while it runs, so
 * that nearly always hits, and a memory.stat costs a third of a scan. What is remembered never changes the result
 * (a key stands once in a file; of a second one, which no kernel writes, either may be taken).
 *
 * <p>Allocates nothing. Owned by one thread.
 */
public final class FlatKeyed {
    private final byte[][] keys;
    private final int required;
    /** The wanted keys in the order of the last file, and the distance of each from the end of the value before it. */
    private final int[] order;

    private final int[] gap;
    private int known;

    /**
     * @param required how many of the keys, from the first on, every kernel has: a file without one is cut off
     * @param keys what is wanted, in the order of the results
     */
    public FlatKeyed(int required, String... keys) {
        this.required = required;
        this.keys = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            this.keys[i] = (keys[i] + ' ').getBytes(StandardCharsets.US_ASCII);
        }
        order = new int[keys.length];
        gap = new int[keys.length];
    }

    /**
     * Reads the wanted values. Keys that aren't wanted are passed over, whatever stands behind them.
     *
     * @param values receives a number or {@link Value#ABSENT} for each wanted key
     * @return {@link Outcome#OK}, or {@link Outcome#MALFORMED} (with every value absent) when a wanted value isn't a
     *     number, a required key is missing, or the last line isn't ended
     */
    public Outcome parse(byte[] text, int length, long[] values) {
        Arrays.fill(values, 0, keys.length, Value.ABSENT);
        boolean whole = length > 0 && text[length - 1] == '\n';
        if (whole && (parseAsRemembered(text, length, values) || scan(text, length, values)) && complete(values)) {
            return Outcome.OK;
        }
        Arrays.fill(values, 0, keys.length, Value.ABSENT);
        known = 0;
        return Outcome.MALFORMED;
    }

    private boolean complete(long[] values) {
        for (int i = 0; i < required; i++) {
            if (values[i] == Value.ABSENT) {
                return false;
            }
        }
        return true;
    }

    private boolean parseAsRemembered(byte[] text, int length, long[] values) {
        // A key that was missing from the last file may be in this one: only a scan can tell.
        if (known < keys.length) {
            return false;
        }
        int end = 0;
        for (int i = 0; i < known; i++) {
            byte[] key = keys[order[i]];
            int at = end + gap[i];
            if (!matches(text, length, at, key) || !startsLine(text, at)) {
                at = find(text, length, end, key);
                if (at < 0) {
                    return false;
                }
                gap[i] = at - end;
            }
            end = take(text, length, at + key.length, order[i], values);
            if (end < 0) {
                return false;
            }
        }
        return true;
    }

    /** Looks at every line, and remembers where the wanted keys stood. */
    private boolean scan(byte[] text, int length, long[] values) {
        Arrays.fill(values, 0, keys.length, Value.ABSENT);
        known = 0;
        int last = 0;
        for (int line = 0; line < length; line = nextLine(text, length, line)) {
            for (int key = 0; key < keys.length; key++) {
                if (values[key] == Value.ABSENT && matches(text, length, line, keys[key])) {
                    int end = take(text, length, line + keys[key].length, key, values);
                    if (end < 0) {
                        return false;
                    }
                    order[known] = key;
                    gap[known++] = line - last;
                    last = end;
                    break;
                }
            }
        }
        return known > 0;
    }

    /** @return the place behind the value, or -1 when it isn't a number that ends its line */
    private static int take(byte[] text, int length, int from, int key, long[] values) {
        int end = Digits.end(text, from, length);
        values[key] = Digits.parse(text, from, end);
        return values[key] != Value.ABSENT && end < length && text[end] == '\n' ? end : -1;
    }

    private static int find(byte[] text, int length, int from, byte[] key) {
        for (int line = startsLine(text, from) ? from : nextLine(text, length, from);
                line < length;
                line = nextLine(text, length, line)) {
            if (matches(text, length, line, key)) {
                return line;
            }
        }
        return -1;
    }

    private static boolean matches(byte[] text, int length, int at, byte[] key) {
        return at + key.length <= length && Arrays.equals(text, at, at + key.length, key, 0, key.length);
    }

    private static boolean startsLine(byte[] text, int at) {
        return at == 0 || text[at - 1] == '\n';
    }

    private static int nextLine(byte[] text, int length, int from) {
        int at = from;
        while (at < length && text[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
