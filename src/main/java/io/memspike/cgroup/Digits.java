package io.memspike.cgroup;

/** Unsigned decimal numbers as the kernel prints them: digits only, no sign, no blank. */
final class Digits {
    private Digits() {}

    /** The first place at or after {@code from} that isn't a digit. */
    static int end(byte[] text, int from, int length) {
        int at = from;
        while (at < length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    /**
     * The number in {@code [from, end)}, which holds digits only.
     *
     * @return {@link Value#ABSENT} when there is no digit, or the number is beyond a long (none of the kernel's is: a
     *     counter of bytes reaches it at 8 EiB)
     */
    static long parse(byte[] text, int from, int end) {
        if (end == from || end - from > 19) {
            return Value.ABSENT;
        }
        long number = 0;
        for (int at = from; at < end; at++) {
            number = number * 10 + (text[at] - '0');
        }
        return number < 0 || number == Value.UNLIMITED ? Value.ABSENT : number;
    }
}
