package io.memspike.sampling;

import io.memspike.cgroup.Cgroup;
import io.memspike.cgroup.CgroupReader;
import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Pressure;
import io.memspike.cgroup.Source;
import io.memspike.cgroup.Value;
import io.memspike.linux.Meminfo;
import io.memspike.linux.Outcome;
import java.util.Arrays;

/**
 * Decides which files of a level are due in this tick, reads them, and what follows from each outcome. Owned by the
 * sampler; allocates nothing unless a read fails.
 */
final class LevelReader {
    /** An idle container's memory.stat is read this seldom at last. */
    private static final long SLOWEST_DETAIL = 1_000_000_000L;

    private static final long LIMITS_INTERVAL = 1_000_000_000L;
    private static final long ANCESTOR_INTERVAL = 5_000_000_000L;
    /** Reading memory.pressure faster destroys what it measures, for every reader: see {@link Pressure}. */
    private static final long FASTEST_PRESSURE = 200_000_000L;
    /** Where it is switched off (psi=0, cgroup.pressure), each try would cost an error. */
    private static final long NO_PRESSURE_INTERVAL = 60_000_000_000L;
    /** What moves less than this is idle: 64 pages, the kernel's own batch of charges. */
    private static final long IDLE_BYTES = 256 * 1024;

    private static final long MOVED_BYTES = 1024 * 1024;
    private static final long MOST_MOVED_BYTES = 16 * 1024 * 1024;
    private static final int MOVED_DIVISOR = 100;

    private final CgroupReader reader = new CgroupReader();
    private final long[] scratch = new long[MemoryStat.COUNT];
    private final long detailInterval;
    private final SourceErrors errors;
    private final Kills kills;
    private final Meminfo meminfo;
    private long meminfoAt = Long.MIN_VALUE;
    /** Of the last {@link #single}. */
    private Outcome outcome = Outcome.OK;

    LevelReader(long detailIntervalNanos, Meminfo meminfo, SourceErrors errors, Kills kills) {
        this.detailInterval = detailIntervalNanos;
        this.meminfo = meminfo;
        this.errors = errors;
        this.kills = kills;
    }

    /** Reads what is due of a level, after its parent. Afterwards {@link Level#gone} says whether it is still there. */
    void read(Level level, long now) {
        if (level.kind == Level.Kind.ANCESTOR) {
            readAncestor(level, now);
            return;
        }
        long before = level.current;
        level.current = single(level, Source.CURRENT, true);
        if (level.gone) {
            return;
        }
        level.changed = level.current != before || (level.parent != null && level.parent.changed);
        if (now >= level.nextLimits) {
            readLimits(level, now);
        }
        // At the limit a burst drives out page cache and current stays as it is: then it is the event that tells.
        if (detailIsDue(level, now) || level.eventsModified) {
            readDetail(level, now);
        }
        if (level.changed) {
            level.derive(now);
        }
    }

    private void readAncestor(Level level, long now) {
        level.changed = now >= level.nextLimits || (level.parent != null && level.parent.changed);
        if (now < level.nextLimits) {
            return;
        }
        level.nextLimits = now + ANCESTOR_INTERVAL;
        level.limited(single(level, Source.MAX, false), now);
        readSwap(level);
        readEvents(level);
        // Without a limit it can't kill, and its memory.stat, dear to gather, says nothing.
        if (Value.isNumber(level.max)) {
            level.current = single(level, Source.CURRENT, true);
            readStat(level);
        }
        level.derive(now);
    }

    private void readLimits(Level level, long now) {
        // From the second time on, levels that appeared together take turns.
        boolean first = level.nextLimits == Long.MIN_VALUE;
        level.nextLimits = now + (first ? jitter(level, LIMITS_INTERVAL) : LIMITS_INTERVAL);
        level.changed = true;
        level.limited(single(level, Source.MAX, false), now);
        readSwap(level);
        if (level.kind == Level.Kind.WORKLOAD) {
            level.peak = single(level, Source.PEAK, false);
            level.oomGroup = single(level, Source.OOM_GROUP, false);
        }
    }

    private boolean detailIsDue(Level level, long now) {
        if (now >= level.nextDetail) {
            return true;
        }
        if (level.current == Value.ABSENT || level.currentAtDetail == Value.ABSENT) {
            return false;
        }
        long moved = Math.abs(level.current - level.currentAtDetail);
        long limit = level.limit();
        long share = Value.isNumber(limit) ? limit / MOVED_DIVISOR : 0;
        // What moves less is taken for unreclaimable until the next detail, so even a huge limit allows but little.
        long threshold = Math.max(MOVED_BYTES, Math.min(MOST_MOVED_BYTES, share));
        // A spike's anatomy is taken in the tick that sees it; lesser movement ends an idle container's long intervals.
        return moved > threshold || (moved > IDLE_BYTES && now >= level.detailAt + detailInterval);
    }

    private void readDetail(Level level, long now) {
        boolean first = level.currentAtDetail == Value.ABSENT;
        boolean idle = !first
                && Math.abs(level.current - level.currentAtDetail) <= IDLE_BYTES
                && !Risk.nearLimit(Risk.headroom(level.limit(), level.current), level.limit());
        level.detailInterval = idle ? Math.min(SLOWEST_DETAIL, level.detailInterval * 2) : detailInterval;
        level.detailInterval = Math.max(level.detailInterval, detailInterval);
        level.nextDetail = now + (first ? jitter(level, detailInterval) : level.detailInterval);
        level.detailAt = now;
        level.changed = true;
        level.currentAtDetail = level.current;
        readStat(level);
        readEvents(level);
        if (level.container != null) {
            readPressure(level, level.container, now);
            readPopulated(level, level.container);
        }
    }

    private void readStat(Level level) {
        Outcome outcome = reader.stat(level.cgroup, level.stat);
        if (outcome != Outcome.OK) {
            Arrays.fill(level.stat, Value.ABSENT);
            failed(level, Source.STAT, outcome, true);
            return;
        }
        if (level.container != null && Risk.isWorthKeeping(level.limit(), level.current)) {
            level.container.keepStat(reader);
        }
        long faults = level.stat[MemoryStat.PGMAJFAULT];
        if (level.container != null) {
            long before = level.majorFaults == Value.ABSENT ? (level.fresh ? 0 : faults) : level.majorFaults;
            level.container.add(Field.MAJOR_FAULTS, Math.max(0, faults - before));
        }
        level.majorFaults = faults;
    }

    /** Reads memory.events, and counts what is new in it. False when it couldn't be read. */
    boolean readEvents(Level level) {
        level.eventsModified = false;
        Outcome outcome = reader.events(level.cgroup, scratch);
        if (outcome != Outcome.OK) {
            failed(level, Source.EVENTS, outcome, true);
            return false;
        }
        kills.eventsRead(level, scratch);
        return true;
    }

    private void readPressure(Level level, Container container, long now) {
        if (now < level.nextPressure) {
            return;
        }
        Outcome pressed = reader.pressure(level.cgroup, scratch);
        boolean unavailable = pressed == Outcome.UNSUPPORTED || pressed == Outcome.GONE;
        level.nextPressure = now + (unavailable ? NO_PRESSURE_INTERVAL : FASTEST_PRESSURE);
        if (pressed != Outcome.OK) {
            failed(level, Source.PRESSURE, pressed, false);
            return;
        }
        boolean first = level.pressure[Pressure.FULL] == Value.ABSENT;
        long some = first && level.fresh ? 0 : first ? scratch[Pressure.SOME] : level.pressure[Pressure.SOME];
        long full = first && level.fresh ? 0 : first ? scratch[Pressure.FULL] : level.pressure[Pressure.FULL];
        container.add(Field.WAITING_MICROS, Math.max(0, scratch[Pressure.SOME] - some));
        long stalled = Math.max(0, scratch[Pressure.FULL] - full);
        container.add(Field.STALLED_MICROS, stalled);
        if (!first) {
            // µs of a ns interval, in millionths; the kernel's weighting may pass the interval itself.
            long ppm = Math.min(1_000_000, stalled * 1_000_000_000L / Math.max(1, now - level.pressureAt));
            container.stalled(ppm, now);
        }
        System.arraycopy(scratch, 0, level.pressure, 0, Pressure.COUNT);
        level.pressureAt = now;
    }

    /** A plain cgroup is a workload once a process was seen in it. */
    private void readPopulated(Level level, Container container) {
        if (container.workload) {
            return;
        }
        Outcome outcome = reader.populated(level.cgroup);
        if (outcome != Outcome.OK) {
            failed(level, Source.POPULATED, outcome, false);
        } else if (reader.value() == 1) {
            container.workload = true;
        }
    }

    private void readSwap(Level level) {
        long above = level.parent == null ? nodeSwap() : level.parent.swapRoom;
        if (above == 0) {
            level.swapRoom = 0;
            return;
        }
        long most = single(level, Source.SWAP_MAX, false);
        boolean accounted = outcome != Outcome.ABSENT;
        long used = single(level, Source.SWAP_CURRENT, false);
        accounted &= outcome != Outcome.ABSENT;
        // No such files: the kernel was built or started without swap accounting.
        level.swapRoom = accounted ? Risk.swapRoom(above, most, used) : 0;
    }

    private long nodeSwap() {
        long free = meminfo.swapFreeBytes();
        return free == Meminfo.UNKNOWN ? Value.ABSENT : free;
    }

    /** Reads the node's free swap, once a second. */
    void readNode(long now) {
        if (meminfoAt != Long.MIN_VALUE && now - meminfoAt < LIMITS_INTERVAL) {
            return;
        }
        meminfoAt = now;
        Outcome outcome = meminfo.read();
        if (outcome != Outcome.OK) {
            errors.count(SourceErrors.Other.MEMINFO, outcome, meminfo::failure);
        }
    }

    private long single(Level level, Source source, boolean required) {
        outcome = reader.single(level.cgroup, source);
        if (outcome != Outcome.OK) {
            failed(level, source, outcome, required);
        }
        return reader.value();
    }

    /** The one place where it is said what an outcome means. */
    private void failed(Level level, Source source, Outcome outcome, boolean required) {
        switch (outcome) {
            // Every file of a removed cgroup is gone together: it is over, and that is no error. An optional file can
            // be taken away alone (memory.pressure, by cgroup.pressure): only a required one speaks for the cgroup.
            case GONE -> level.gone |= required;
            // Optional files: the kernel is older, or the feature is off. The value is absent, and that is all.
            case ABSENT, UNSUPPORTED -> {
                if (required) {
                    count(level, source, outcome);
                }
            }
            case MALFORMED, DENIED, FAILED -> count(level, source, outcome);
            case OK -> throw new IllegalArgumentException("not a failure");
        }
    }

    private void count(Level level, Source source, Outcome outcome) {
        Cgroup cgroup = level.cgroup;
        errors.count(
                source,
                outcome,
                () -> cgroup.path(source)
                        + (outcome == Outcome.FAILED || outcome == Outcome.DENIED
                                ? ": " + cgroup.failure(source)
                                : ""));
    }

    // Spread by what differs between levels and stays: no two runs of ids fall on the same ticks.
    private static long jitter(Level level, long interval) {
        return interval / 16 * (1 + Math.floorMod(System.identityHashCode(level), 16));
    }
}
