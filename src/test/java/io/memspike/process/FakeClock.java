package io.memspike.process;

/** Time that goes on only by work and by waiting. */
final class FakeClock implements Clock {
    long now;
    long cpu;
    int parks;
    long longestPark = Long.MAX_VALUE;
    long oversleeps;

    void work(long nanos) {
        now += nanos;
        cpu += nanos;
    }

    @Override
    public long nanos() {
        return now;
    }

    @Override
    public long cpuNanos() {
        return cpu;
    }

    @Override
    public void park(long nanos) {
        parks++;
        now += Math.min(nanos, longestPark) + oversleeps;
    }
}
