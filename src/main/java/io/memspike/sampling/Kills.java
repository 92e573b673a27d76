package io.memspike.sampling;

import io.memspike.cgroup.MemoryEvents;
import io.memspike.cgroup.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who was killed how often, from memory.events. Each level's counter is hierarchical and outlives what is below it, so
 * that a kill is found in two ways: in the container's own counter while it can be read, and, when its cgroup was
 * removed before that, as the kills that the nearest living ancestor has counted and no container was credited with.
 *
 * <p>Owned by the sampler.
 */
final class Kills {
    /** Wall clock, for {@code memspike_oom_last_kill_timestamp_seconds}. */
    interface Clock {
        long epochMillis();
    }

    /** Reads a level's memory.events now. */
    interface EventsReader {
        boolean readEvents(Level level);
    }

    /** The living are read every second, and removals are known within one. */
    private static final long ORPHAN_MILLIS = 10_000;

    private final Clock clock;
    private final Kill.Listener listener;

    Kills(Clock clock, Kill.Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /** Counts what is new in a level's events. */
    void eventsRead(Level level, long[] events) {
        if (level.events[MemoryEvents.OOM_KILL] == Value.ABSENT && !level.fresh) {
            System.arraycopy(events, 0, level.before, 0, MemoryEvents.COUNT);
            // What was credited until now is among these.
            Arrays.fill(level.credited, 0);
        }
        long kills = delta(level, events, MemoryEvents.OOM_KILL);
        long groupKills = delta(level, events, MemoryEvents.OOM_GROUP_KILL);
        long limitHits = delta(level, events, MemoryEvents.MAX);
        long highHits = delta(level, events, MemoryEvents.HIGH);
        System.arraycopy(events, 0, level.events, 0, MemoryEvents.COUNT);
        Container container = level.container;
        if (container != null) {
            container.add(Field.LIMIT_HITS, limitHits);
            container.add(Field.HIGH_HITS, highHits);
            container.add(Field.OOM_KILLS, 0);
            container.add(Field.OOM_INCIDENTS, 0);
            credit(level, container, kills, groupKills);
        } else {
            forgetOrphans(level);
        }
    }

    /**
     * A kill that nobody claims (of a runtime's helper, of a container that lived too short to be seen) must not be laid
     * at the door of whoever happens to be removed next.
     */
    private void forgetOrphans(Level level) {
        long orphans = uncredited(level, MemoryEvents.OOM_KILL);
        long now = clock.epochMillis();
        if (orphans == 0 || orphans != level.orphans) {
            level.orphans = orphans;
            level.orphansSince = now;
        } else if (now - level.orphansSince > ORPHAN_MILLIS) {
            level.before[MemoryEvents.OOM_KILL] += orphans;
            level.before[MemoryEvents.OOM_GROUP_KILL] += uncredited(level, MemoryEvents.OOM_GROUP_KILL);
        }
    }

    /**
     * A container's cgroup is gone. Kills that its parent (or the first ancestor that can still be read) counts beyond
     * all that were credited were its own, or those of a neighbour that went in the same moment: of these, the one that
     * had least headroom.
     *
     * @param all every level that was sampled until now, {@code gone} among them
     */
    void removed(Level gone, List<Level> all, EventsReader reader) {
        Level ancestor = gone.parent;
        while (ancestor != null && (ancestor.gone || !reader.readEvents(ancestor))) {
            ancestor = ancestor.parent;
        }
        if (ancestor == null || uncredited(ancestor, MemoryEvents.OOM_KILL) <= 0) {
            return;
        }
        // The living have the first claim: what they count now was counted by the ancestor before.
        Level victim = gone;
        for (Level level : all) {
            if (level.container == null || level == gone || !isBelow(level, ancestor)) {
                continue;
            }
            boolean readable = !level.gone && reader.readEvents(level);
            if (!readable && level.gone && headroom(level) < headroom(victim)) {
                victim = level;
            }
        }
        if (victim.container != null) {
            credit(
                    victim,
                    victim.container,
                    uncredited(ancestor, MemoryEvents.OOM_KILL),
                    uncredited(ancestor, MemoryEvents.OOM_GROUP_KILL));
        }
    }

    private void credit(Level level, Container container, long kills, long groupKills) {
        if (kills <= 0 && groupKills <= 0) {
            return;
        }
        long incidents = incidents(level, kills, groupKills);
        long atMs = clock.epochMillis();
        tell(level, container, Math.max(0, kills), incidents, groupKills > 0, atMs);
        container.killed(Math.max(0, kills), incidents, atMs);
        // What an outer container counts was credited above by those below it.
        for (Level up = level.outer ? null : level.parent; up != null; up = up.parent) {
            up.credited[MemoryEvents.OOM_KILL] += kills;
            up.credited[MemoryEvents.OOM_GROUP_KILL] += groupKills;
        }
    }

    private void tell(Level level, Container container, long kills, long incidents, boolean group, long atMs) {
        long now = System.nanoTime();
        List<Kill.State> levels = new ArrayList<>();
        for (@Nullable Level up = level; up != null; up = up.parent) {
            levels.add(Kill.State.of(up, now));
        }
        listener.killed(new Kill(
                container,
                now,
                atMs,
                kills,
                incidents,
                group,
                container.history(),
                container.footprint(),
                container.statText(),
                levels));
    }

    /**
     * With memory.oom.group the kernel itself says how often it decided (and one read may see a decision's first kill,
     * the next its others); without, kills that are seen together were one decision.
     */
    private static long incidents(Level level, long kills, long groupKills) {
        boolean kernelSays = level.oomGroup == 1 && level.events[MemoryEvents.OOM_GROUP_KILL] != Value.ABSENT;
        return kernelSays || groupKills > 0 ? Math.max(0, groupKills) : Math.min(1, kills);
    }

    private static long uncredited(Level ancestor, int which) {
        long counted = ancestor.events[which];
        return counted == Value.ABSENT ? 0 : counted - ancestor.before[which] - ancestor.credited[which];
    }

    private static long headroom(Level level) {
        return level.headroom == Value.ABSENT ? Long.MAX_VALUE : level.headroom;
    }

    private static boolean isBelow(Level level, Level ancestor) {
        for (@Nullable Level up = level.parent; up != null; up = up.parent) {
            if (up == ancestor) {
                return true;
            }
        }
        return false;
    }

    private static long delta(Level level, long[] events, int which) {
        if (events[which] == Value.ABSENT) {
            return 0;
        }
        long last = level.events[which];
        if (last == Value.ABSENT) {
            last = level.fresh ? 0 : events[which];
        }
        return Math.max(0, events[which] - last);
    }
}
