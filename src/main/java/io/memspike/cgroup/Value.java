package io.memspike.cgroup;

/**
 * The three things that a kernel value can be, in one {@code long}: a number (never negative in the kernel's files),
 * {@link #UNLIMITED}, or {@link #ABSENT}. None ever turns into another.
 */
public final class Value {
    /** There is no such value: not exposed. */
    public static final long ABSENT = Long.MIN_VALUE;
    /** The kernel's {@code max}: not exposed as a limit. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    private Value() {}

    /** Whether it is a number that one can reckon with: neither absent nor unlimited. */
    public static boolean isNumber(long value) {
        return value != ABSENT && value != UNLIMITED;
    }
}
