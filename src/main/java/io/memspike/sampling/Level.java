package io.memspike.sampling;

import io.memspike.cgroup.Cgroup;
import io.memspike.cgroup.MemoryEvents;
import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Pressure;
import io.memspike.cgroup.Source;
import io.memspike.cgroup.Value;
import io.memspike.pod.CgroupName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One level of the tree on which memory is charged and limited, for one life of its cgroup: a container, its pod, or
 * an ancestor; with what was last read of it. Made by the roster, then owned by the sampler.
 */
final class Level {
    /** What a level is for, and so which files are read of it, and how often. */
    @SuppressWarnings("ImmutableEnumChecker") // the sets are never changed
    enum Kind {
        /** A container, or outside Kubernetes a cgroup without children: sampled and exposed. */
        WORKLOAD(EnumSet.allOf(Source.class)),
        /** Sampled like a container, because in Kubernetes it is usually the pod's limit that fires; not exposed. */
        POD(EnumSet.of(Source.CURRENT, Source.STAT, Source.EVENTS, Source.MAX, Source.SWAP_CURRENT, Source.SWAP_MAX)),
        /** Read every few seconds: gathering memory.stat of a large subtree holds up the kernel. */
        ANCESTOR(POD.sources);

        final Set<Source> sources;

        Kind(Set<Source> sources) {
            this.sources = sources;
        }
    }

    final Cgroup cgroup;
    final Kind kind;
    /** Null at the top: the root has neither limit nor memory.events. */
    final @Nullable Level parent;
    /** The cgroup was made under our eyes: its counters count from 0, not from our first read of them. */
    final boolean fresh;

    /** Whose memory it is; null for a pod and an ancestor, which aren't exposed. */
    final @Nullable Identity identity;

    final CgroupName name;
    final int depth;

    /** Of a workload, from the sampler's first sight of it on. */
    @Nullable
    Container container;

    /** Set by discovery when the kernel notifies, cleared by the sampler. */
    volatile boolean eventsModified;

    /** Set by discovery when the kernel notifies that a process came or went, in however short a life. */
    volatile boolean hadProcess;

    long current = Value.ABSENT;
    final long[] stat = absent(MemoryStat.COUNT);
    long max = Value.ABSENT;
    long peak = Value.ABSENT;
    long oomGroup = Value.ABSENT;
    /** How much swap it may still fill. */
    long swapRoom;

    /** Whether this tick read another value than the one before, of this level or of one above it. */
    boolean changed;

    long unreclaimable = Value.ABSENT;
    long headroom = Value.ABSENT;
    /** The highest unreclaimable memory of the second under way, and of the one before it. */
    private long highest = Value.ABSENT;

    private long highestBefore = Value.ABSENT;
    private long highestSecond;

    /** What memory.max was before it was last changed, and when that was seen. */
    long maxBefore = Value.ABSENT;

    long maxChangedAt;

    final long[] events = absent(MemoryEvents.COUNT);
    final long[] pressure = absent(Pressure.COUNT);
    long pressureAt;
    long nextPressure = Long.MIN_VALUE;
    /** pgmajfault when last counted. */
    long majorFaults = Value.ABSENT;
    /** Of its kills and group kills, those before our first sight of it. */
    final long[] before = new long[MemoryEvents.COUNT];
    /** Of its kills and group kills since then, those that a container below it was credited with. */
    final long[] credited = new long[MemoryEvents.COUNT];

    /** Kills that it counts and nobody was credited with, and since when there are so many. */
    long orphans;

    long orphansSince;
    /** Containers are sampled below this container (a node that is a container: kind). Set before they are added. */
    boolean outer;

    /** memory.current at the last read of memory.stat. */
    long currentAtDetail = Value.ABSENT;

    long detailAt = Long.MIN_VALUE;
    long nextDetail = Long.MIN_VALUE;
    long detailInterval;
    long nextLimits = Long.MIN_VALUE;
    boolean gone;

    Level(Cgroup cgroup, Kind kind, CgroupName name, @Nullable Level parent, boolean fresh) {
        this.cgroup = cgroup;
        this.kind = kind;
        this.name = name;
        this.parent = parent;
        this.fresh = fresh;
        this.identity = kind == Kind.WORKLOAD ? Identity.of(cgroup.dir().name(), name) : null;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    /**
     * Of this level and all above it, the one with the smallest headroom: it will kill. Null when none has a limit, and
     * when that of a level can't be told: it might be the one.
     */
    @Nullable
    Level nearestLimit() {
        Level nearest = null;
        for (Level level = this; level != null; level = level.parent) {
            if (level.max != Value.UNLIMITED && level.headroom == Value.ABSENT) {
                return null;
            }
            if (level.headroom != Value.ABSENT && (nearest == null || level.headroom < nearest.headroom)) {
                nearest = level;
            }
        }
        return nearest;
    }

    /** The container's limit or its pod's, the smaller; unlimited when neither has one, absent when one can't be told. */
    long limit() {
        if (parent == null) {
            return max;
        }
        boolean known = max != Value.ABSENT && parent.max != Value.ABSENT;
        return known ? Math.min(max, parent.max) : Value.ABSENT;
    }

    /** Applies the formulas to what was last read. */
    void derive(long now) {
        unreclaimable = Risk.unreclaimable(current, stat, swapRoom);
        headroom = Risk.headroom(max, unreclaimable);
        long second = now / 1_000_000_000L;
        if (second != highestSecond) {
            highestBefore = second == highestSecond + 1 ? highest : Value.ABSENT;
            highest = Value.ABSENT;
            highestSecond = second;
        }
        highest = Math.max(highest, unreclaimable);
    }

    /** The highest unreclaimable memory of the last second or two: a kill is seen when its memory is free again. */
    long lately() {
        return Math.max(highest, highestBefore);
    }

    void limited(long latest, long now) {
        if (max != Value.ABSENT && latest != Value.ABSENT && latest != max) {
            maxBefore = max;
            maxChangedAt = now;
        }
        max = latest;
    }

    @Override
    public String toString() {
        return cgroup.dir().name();
    }

    private static long[] absent(int count) {
        long[] values = new long[count];
        Arrays.fill(values, Value.ABSENT);
        return values;
    }
}
