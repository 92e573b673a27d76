package io.memspike.sampling;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long ticks took, as a histogram of fixed buckets. One thread adds, and allocates nothing; any may read, and sees
 * each bucket as it is at that moment.
 */
public final class TickTimes {
    /** Upper bounds in microseconds: of the ticks of ten containers up to those of ten thousand. */
    private static final long[] BOUNDS_MICROS = {
        100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000
    };

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_MICROS.length + 1);
    private final AtomicLongArray sumNanos = new AtomicLongArray(1);

    void add(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS_MICROS.length && nanos > BOUNDS_MICROS[bucket] * 1000) {
            bucket++;
        }
        counts.lazySet(bucket, counts.get(bucket) + 1);
        sumNanos.lazySet(0, sumNanos.get(0) + nanos);
    }

    public int buckets() {
        return counts.length();
    }

    /** The upper bound of a bucket; infinite for the last. */
    public double boundSeconds(int bucket) {
        return bucket < BOUNDS_MICROS.length ? BOUNDS_MICROS[bucket] / 1e6 : Double.POSITIVE_INFINITY;
    }

    public long count(int bucket) {
        return counts.get(bucket);
    }

    public double sumSeconds() {
        return sumNanos.get(0) / 1e9;
    }
}
