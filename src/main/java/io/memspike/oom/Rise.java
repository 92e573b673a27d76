package io.memspike.oom;

import io.memspike.oom.Incident.Series;
import org.jspecify.annotations.Nullable;

/**
 * The last steep rise of memory.current before a kill, to its highest value within it.
 *
 * @param bytes by how much
 * @param top to where
 * @param millis from a tenth of the way to nine tenths
 * @param before what it was 15 s before the top, or at the first sample there is
 */
record Rise(long bytes, long top, long millis, long before) {
    /** A rise that takes longer is growth. */
    private static final long LONGEST_MS = 5_000;

    private static final long SCRAPE_MS = 15_000;

    /** The rise of the last seconds to the highest value before the kill; null without samples. */
    static @Nullable Rise steepest(Series ticks) {
        long[] at = ticks.atMs();
        long[] current = Recording.column(ticks, Recording.CURRENT);
        int top = -1;
        for (int i = 0; i < at.length && at[i] <= 0; i++) {
            if (current[i] != Series.ABSENT && (top < 0 || current[i] > current[top])) {
                top = i;
            }
        }
        if (top < 0) {
            return null;
        }
        int bottom = top;
        for (int i = top; i >= 0 && at[top] - at[i] <= LONGEST_MS; i--) {
            bottom = current[i] != Series.ABSENT && current[i] < current[bottom] ? i : bottom;
        }
        long rise = current[top] - current[bottom];
        int from = bottom;
        int to = top;
        for (int i = bottom; i <= top; i++) {
            from = current[i] != Series.ABSENT && current[i] <= current[bottom] + rise / 10 ? i : from;
        }
        while (to > from + 1 && current[to - 1] >= current[top] - rise / 10) {
            to--;
        }
        return new Rise(rise, current[top], at[to] - at[from], before(at, current, top));
    }

    private static long before(long[] at, long[] current, int top) {
        long before = current[top];
        for (int i = top; i >= 0; i--) {
            if (current[i] != Series.ABSENT) {
                before = current[i];
            }
            if (at[top] - at[i] >= SCRAPE_MS) {
                break;
            }
        }
        return before;
    }
}
