package io.memspike.process;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Keeps a thread to a share of one core, however long one piece of its work takes: after each piece it rests in
 * proportion to the CPU time that it took. What the kernel does on its behalf counts, and that is nearly all.
 */
final class Budget {
    /** Shorter rests cost more than they are worth: they add up until they are as long. */
    private static final double SHORTEST_REST_NANOS = 1_000_000;

    private final LongSupplier cpuNanos;
    private final LongConsumer rest;
    private final double restPerNano;
    private long paidUntil;
    private double debt;

    /**
     * Begins to count.
     *
     * @param share of one core, above 0 and up to 1
     * @param cpuNanos the CPU time of the thread until now
     * @param rest does nothing for so many nanoseconds
     */
    Budget(double share, LongSupplier cpuNanos, LongConsumer rest) {
        this.cpuNanos = cpuNanos;
        this.rest = rest;
        restPerNano = 1 / share - 1;
        paidUntil = cpuNanos.getAsLong();
    }

    /** Pays for the work since the last call, by resting. */
    void settle() {
        long now = cpuNanos.getAsLong();
        debt += (now - paidUntil) * restPerNano;
        paidUntil = now;
        if (debt >= SHORTEST_REST_NANOS) {
            rest.accept((long) debt);
            debt = 0;
        }
    }
}
