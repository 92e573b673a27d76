package io.memspike.cgroup;

import io.memspike.linux.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * memory.pressure: for how long some, and all, of the cgroup's tasks stood still for want of memory. Only the totals
 * are read: they are fresh at each read, the averages move every 2 s.
 *
 * <pre>
 * some avg10=0.00 avg60=0.00 avg300=0.00 total=1234
 * full avg10=0.00 avg60=0.00 avg300=0.00 total=567
 * </pre>
 *
 * Reading it is not free of side effects: the kernel forgets the stall of a CPU that was busy for less than a jiffy
 * since the last read, for every reader. Never read it faster than every 100 ms.
 *
 * <p>Documentation/accounting/psi.rst; collect_percpu_times() in kernel/sched/psi.c.
 */
public final class Pressure {
    /** Microseconds in which at least one task stood still. */
    public static final int SOME = 0;
    /** Microseconds in which every non-idle task stood still. */
    public static final int FULL = 1;

    public static final int COUNT = 2;

    private static final byte[][] LINES = {ascii("some "), ascii("full ")};
    private static final byte[] TOTAL = ascii(" total=");

    private Pressure() {}

    /**
     * Reads the two totals.
     *
     * @param values receives the totals in microseconds
     * @return {@link Outcome#MALFORMED}, with both absent, unless both lines are there and end in a total
     */
    public static Outcome parse(byte[] text, int length, long[] values) {
        Arrays.fill(values, 0, COUNT, Value.ABSENT);
        int line = 0;
        while (line < length) {
            int end = line;
            while (end < length && text[end] != '\n') {
                end++;
            }
            if (end == length) {
                break;
            }
            for (int which = 0; which < COUNT; which++) {
                if (startsWith(text, line, end, LINES[which])) {
                    values[which] = total(text, line, end);
                }
            }
            line = end + 1;
        }
        if (line == length && values[SOME] != Value.ABSENT && values[FULL] != Value.ABSENT) {
            return Outcome.OK;
        }
        Arrays.fill(values, 0, COUNT, Value.ABSENT);
        return Outcome.MALFORMED;
    }

    /** The number after the last " total=", which must end the line. */
    private static long total(byte[] text, int line, int end) {
        int digits = end;
        while (digits > line && text[digits - 1] >= '0' && text[digits - 1] <= '9') {
            digits--;
        }
        int label = digits - TOTAL.length;
        return label >= line && startsWith(text, label, end, TOTAL) ? Digits.parse(text, digits, end) : Value.ABSENT;
    }

    private static boolean startsWith(byte[] text, int at, int end, byte[] prefix) {
        return at + prefix.length <= end && Arrays.equals(text, at, at + prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
