package io.memspike.demo;

/** memory.pressure of one cgroup, with the kernel's two lines: some task stalled, and all of them at once. */
final class Pressure {
    /** PSI_FREQ, the period of the kernel's averages. */
    private static final long AVERAGE_PERIOD_MILLIS = 2000;

    private final Stall some = new Stall("some", AVERAGE_PERIOD_MILLIS);
    private final Stall full = new Stall("full", AVERAGE_PERIOD_MILLIS);

    void add(long someMicros, long fullMicros) {
        some.add(someMicros);
        full.add(fullMicros);
    }

    /** Ends the step that reaches {@code nowMillis}. */
    void settle(long nowMillis, long stepMillis) {
        some.settle(stepMillis * 1000);
        full.settle(stepMillis * 1000);
        if (nowMillis % AVERAGE_PERIOD_MILLIS == 0) {
            some.average(AVERAGE_PERIOD_MILLIS * 1000);
            full.average(AVERAGE_PERIOD_MILLIS * 1000);
        }
    }

    void reset() {
        some.reset();
        full.reset();
    }

    /** Differs from an earlier value when the file's content does. */
    int version() {
        return some.version() + full.version();
    }

    void appendTo(Text text) {
        some.appendTo(text);
        full.appendTo(text);
    }
}
