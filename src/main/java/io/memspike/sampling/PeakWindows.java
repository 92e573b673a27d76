package io.memspike.sampling;

import io.memspike.cgroup.Value;
import java.util.Arrays;

/**
 * The highest values of several series over a sliding window: a bucket a second, and one more for the second that is
 * under way, so that the window is never shorter than it says. Nothing that reads it changes it: any number of
 * scrapers see the same extremes.
 *
 * <p>Owned by one thread; adding and reading allocate nothing.
 */
final class PeakWindows {
    private final int series;
    private final int buckets;
    /** [bucket × series]; absent where nothing was seen in that second. */
    private final long[] highest;
    /** For each series, the highest of all buckets but the one under way. */
    private final long[] older;

    private long second = Long.MIN_VALUE;
    private int bucket;

    PeakWindows(int series, int windowSeconds) {
        this.series = series;
        this.buckets = windowSeconds + 1;
        highest = new long[series * buckets];
        older = new long[series];
        Arrays.fill(highest, Value.ABSENT);
        Arrays.fill(older, Value.ABSENT);
    }

    /** Moves the window up to this second of a monotonic clock; what is older falls out. */
    void advance(long now) {
        if (now <= second) {
            return;
        }
        long steps = second == Long.MIN_VALUE ? 1 : Math.min(now - second, buckets);
        second = now;
        for (long i = 0; i < steps; i++) {
            bucket = (bucket + 1) % buckets;
            Arrays.fill(highest, bucket * series, (bucket + 1) * series, Value.ABSENT);
        }
        System.arraycopy(highest, 0, older, 0, series);
        for (int b = 1; b < buckets; b++) {
            for (int s = 0; s < series; s++) {
                older[s] = Math.max(older[s], highest[b * series + s]);
            }
        }
    }

    /** Takes in all that another window of the same shape has seen, each value in the second in which it was seen. */
    void merge(PeakWindows other) {
        long now = Math.max(second, other.second);
        advance(now);
        other.advance(now);
        for (int age = 0; age < buckets; age++) {
            int from = Math.floorMod(other.bucket - age, buckets) * series;
            int to = Math.floorMod(bucket - age, buckets) * series;
            for (int s = 0; s < series; s++) {
                highest[to + s] = Math.max(highest[to + s], other.highest[from + s]);
                if (age > 0) {
                    older[s] = Math.max(older[s], highest[to + s]);
                }
            }
        }
    }

    /** Takes a value of the second under way; an absent one is below every other and changes nothing. */
    void accept(int which, long value) {
        int at = bucket * series + which;
        if (value > highest[at]) {
            highest[at] = value;
        }
    }

    /** The highest of the window, or absent when it saw none. */
    long highest(int which) {
        return Math.max(older[which], highest[bucket * series + which]);
    }
}
