package io.memspike.oom;

import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Victim;
import io.memspike.sampling.Kill;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a verdict is founded on.
 *
 * @param hit the level whose limit it was; null when none has one
 * @param ticks as {@link Recording#ticks}
 * @param details as {@link Recording#details}
 * @param victim null where the kernel log isn't readable, or said nothing
 */
record Evidence(
        Kill kill,
        Kill.@Nullable State hit,
        Series ticks,
        Series details,
        @Nullable Victim victim) {
    private static final double MIB = 1 << 20;

    static Evidence of(Kill kill, Series ticks, Series details, @Nullable Victim victim) {
        return new Evidence(kill, hit(kill, victim), ticks, details, victim);
    }

    /** The level that the kernel log names; else the one that had least headroom in the last moment. */
    private static Kill.@Nullable State hit(Kill kill, @Nullable Victim victim) {
        Kill.State nearest = null;
        for (Kill.State level : kill.levels()) {
            if (victim != null && level.cgroup().equals(victim.oomMemcg())) {
                return level;
            }
            if (Value.isNumber(level.max()) && (nearest == null || headroom(level) < headroom(nearest))) {
                nearest = level;
            }
        }
        return nearest;
    }

    private static long headroom(Kill.State level) {
        return level.unreclaimable() == Value.ABSENT ? Long.MAX_VALUE : level.max() - level.unreclaimable();
    }

    boolean isOwnLimit() {
        return hit != null && hit.equals(kill.levels().get(0));
    }

    /** Of the limit that was hit; the largest number where there was none. */
    long limit() {
        return hit == null ? Long.MAX_VALUE : hit.max();
    }

    /** In words: the container's limit of 256.0 MiB. */
    String theLimit() {
        if (hit == null) {
            return "no limit";
        }
        String whose = isOwnLimit() ? "the container's" : hit.pod() ? "the pod's" : "that of " + hit.cgroup();
        return whose + (isOwnLimit() || hit.pod() ? " limit of " : ", ") + mib(hit.max());
    }

    Shape current() {
        return Shape.of(ticks, Recording.CURRENT, Long.MIN_VALUE);
    }

    Shape detail(String column) {
        return Shape.of(details, column, Long.MIN_VALUE);
    }

    static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB);
    }

    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * part / whole);
    }
}
