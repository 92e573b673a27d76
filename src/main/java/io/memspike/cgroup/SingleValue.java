package io.memspike.cgroup;

/**
 * The format of memory.current, memory.peak, memory.max, memory.high, memory.swap.max: one line, a number of bytes
 * or {@code max}.
 *
 * <pre>
 * 104857600
 * </pre>
 *
 * Documentation/admin-guide/cgroup-v2.rst, "Interface Files" (single value).
 */
public final class SingleValue {
    private SingleValue() {}

    /**
     * Reads the value.
     *
     * @return a number, {@link Value#UNLIMITED}, or {@link Value#ABSENT} when the text is malformed: anything but one
     *     line with one value and its newline
     */
    public static long parse(byte[] text, int length) {
        if (length == 4 && text[0] == 'm' && text[1] == 'a' && text[2] == 'x' && text[3] == '\n') {
            return Value.UNLIMITED;
        }
        int end = Digits.end(text, 0, length);
        return end + 1 == length && text[end] == '\n' ? Digits.parse(text, 0, end) : Value.ABSENT;
    }
}
