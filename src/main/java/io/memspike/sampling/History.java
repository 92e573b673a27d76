package io.memspike.sampling;

import io.memspike.cgroup.MemoryStat;
import java.util.List;

/**
 * The last minute of one container as it was read: memory.current of each tick, and what memory.stat said at each
 * read of it. Nothing derived is kept, so that a record can be gone over again with a later formula.
 *
 * <p>Written by the sampler; any thread may copy.
 */
public final class History {
    /** Every value of memory.stat that is bytes; faults are a count. */
    private static final int[] DETAILS = {
        MemoryStat.ANON,
        MemoryStat.FILE,
        MemoryStat.SHMEM,
        MemoryStat.FILE_DIRTY,
        MemoryStat.FILE_WRITEBACK,
        MemoryStat.INACTIVE_ANON,
        MemoryStat.ACTIVE_ANON,
        MemoryStat.INACTIVE_FILE,
        MemoryStat.ACTIVE_FILE,
        MemoryStat.SLAB_RECLAIMABLE,
        MemoryStat.KERNEL
    };

    private static final List<String> DETAIL_NAMES = List.of(
            "anon",
            "file",
            "shmem",
            "file_dirty",
            "file_writeback",
            "inactive_anon",
            "active_anon",
            "inactive_file",
            "active_file",
            "slab_reclaimable",
            "kernel");

    /** How many samples of each kind are kept. */
    record Size(int ticks, int details) {
        private static final long KEPT_NANOS = 65_000_000_000L;
        /** What keeps a container's record below 500 KB, however short the interval. */
        private static final int MOST = 8192;

        /** Of a minute and a little more. */
        static Size of(long tickNanos, long detailNanos) {
            return new Size(most(tickNanos), most(detailNanos));
        }

        /** One more than fit into the time: a ring never shows the slot that is written next. */
        private static int most(long intervalNanos) {
            return (int) Math.min(MOST, 1 + KEPT_NANOS / intervalNanos);
        }
    }

    private final Ring ticks;
    private final Ring details;

    History(Size size) {
        ticks = new Ring(size.ticks(), 1);
        details = new Ring(size.details(), DETAILS.length);
    }

    void add(Level level, long now) {
        ticks.begin(now);
        ticks.put(0, level.current);
        ticks.commit();
        if (level.detailAt == now) {
            details.begin(now);
            for (int i = 0; i < DETAILS.length; i++) {
                details.put(i, level.stat[DETAILS[i]]);
            }
            details.commit();
        }
    }

    /** Of each tick, oldest first: by how many milliseconds it was before {@code nowNanos}, and memory.current. */
    public long[][] ticks(long nowNanos) {
        return ticks.copy(nowNanos);
    }

    /** The same of each read of memory.stat, with the values of {@link #detailNames()}. */
    public long[][] details(long nowNanos) {
        return details.copy(nowNanos);
    }

    /** What each detail has, by its key in memory.stat. Bytes. */
    public static List<String> detailNames() {
        return DETAIL_NAMES;
    }

    /** The place of a value of {@link MemoryStat} in a detail; it must be one that is kept. */
    public static int detail(int stat) {
        for (int i = 0; i < DETAILS.length; i++) {
            if (DETAILS[i] == stat) {
                return 1 + i;
            }
        }
        throw new IllegalArgumentException("not kept: " + stat);
    }
}
