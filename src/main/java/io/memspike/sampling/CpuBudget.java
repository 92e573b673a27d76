package io.memspike.sampling;

/**
 * Holds the sampler to a share of one core: when a tick costs more than the share of its interval, the interval is
 * made longer, and shorter again when it may. A node that is too large is then sampled less often, and says so,
 * rather than paying for its monitoring.
 *
 * <p>Owned by one thread.
 */
final class CpuBudget {
    /** Beyond this there's no talk of sub-second any more: better over budget than blind. */
    private static final long LONGEST_NANOS = 1_000_000_000L;
    /** Of each new measure; the first second of a JVM is interpreted, and says little of the next. */
    private static final double WEIGHT = 0.5;

    private final double share;
    private final long configuredNanos;
    private double cpuPerTick = Double.NaN;

    /** @param share of one core; 0.03 is 3 % */
    CpuBudget(double share, long configuredNanos) {
        this.share = share;
        this.configuredNanos = configuredNanos;
    }

    /**
     * Takes in what was measured.
     *
     * @param cpuNanos the CPU time of the sampler's thread over the last {@code ticks} ticks
     * @return the interval to go on with, in nanoseconds: the configured one, or longer
     */
    long interval(long cpuNanos, long ticks) {
        double cost = (double) cpuNanos / Math.max(1, ticks);
        cpuPerTick = Double.isNaN(cpuPerTick) ? cost : cpuPerTick + WEIGHT * (cost - cpuPerTick);
        long affordable = (long) (cpuPerTick / share);
        return Math.max(configuredNanos, Math.min(affordable, Math.max(LONGEST_NANOS, configuredNanos)));
    }
}
