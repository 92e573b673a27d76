package io.memspike.sampling;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;

/**
 * The formulas, all of them; bytes in, bytes out. An absent input makes an absent result, never a 0.
 *
 * <p>The kernel kills when a charge reaches memory.max of the cgroup or an ancestor and reclaim can't free enough
 * (try_charge_memcg() in mm/memcontrol.c). It looks at no "working set": what counts is how much of the charge can't
 * be reclaimed.
 */
public final class Risk {
    /** Near the limit: a tenth of it is left, or less. */
    static final int NEAR_LIMIT_DIVISOR = 10;

    private Risk() {}

    /** current − inactive_file: the kubelet's number, for comparison. It counts hot page cache as used. */
    public static long workingSet(long current, long[] stat) {
        long inactiveFile = stat[MemoryStat.INACTIVE_FILE];
        return absent(current, inactiveFile) ? Value.ABSENT : Math.max(0, current - inactiveFile);
    }

    /**
     * current − file − shmem: "anon only". {@code file} contains {@code shmem} already, so shared memory and tmpfs are
     * taken off twice: a container that is killed by its own tmpfs shows 0 here. Exposed because it was asked for;
     * nothing is decided by it.
     */
    public static long anonRisk(long current, long[] stat) {
        long file = stat[MemoryStat.FILE];
        long shmem = stat[MemoryStat.SHMEM];
        return absent(current, file) || shmem == Value.ABSENT ? Value.ABSENT : Math.max(0, current - file - shmem);
    }

    /**
     * What reclaim can't give back, and so what the OOM killer is about: the charge, less the page cache that is on
     * the file lists (tmpfs and mlocked files are not; MADV_FREE memory is), less reclaimable slab, less what swap
     * would still take of the anon lists (tmpfs included).
     *
     * <p>Dirty and writeback pages count as reclaimable: they are, after a moment. A difference, not a sum of parts,
     * because current is exact at each read and memory.stat may lag: only the subtrahends are ever stale.
     *
     * @param swapRoom the swap that this cgroup may still use, in bytes; 0 in most of Kubernetes
     */
    public static long unreclaimable(long current, long[] stat, long swapRoom) {
        long inactiveFile = stat[MemoryStat.INACTIVE_FILE];
        long activeFile = stat[MemoryStat.ACTIVE_FILE];
        long slab = stat[MemoryStat.SLAB_RECLAIMABLE];
        long inactiveAnon = stat[MemoryStat.INACTIVE_ANON];
        long activeAnon = stat[MemoryStat.ACTIVE_ANON];
        if (absent(current, inactiveFile)
                || absent(activeFile, slab)
                || absent(inactiveAnon, activeAnon)
                || swapRoom == Value.ABSENT) {
            return Value.ABSENT;
        }
        long swappable = Math.min(inactiveAnon + activeAnon, swapRoom);
        return Math.max(0, current - inactiveFile - activeFile - slab - swappable);
    }

    /** memory.max − unreclaimable, of one level of the tree; negative when a limit was lowered below what is used. */
    public static long headroom(long max, long unreclaimable) {
        return Value.isNumber(max) && unreclaimable != Value.ABSENT ? max - unreclaimable : Value.ABSENT;
    }

    /** Whether 90 % of a level's limit, or more, can't be reclaimed. */
    public static boolean nearLimit(long headroom, long max) {
        return headroom != Value.ABSENT && headroom <= max / NEAR_LIMIT_DIVISOR;
    }

    /** Whether the charge is at three quarters of the limit or more, so that what it consists of is worth keeping. */
    static boolean isWorthKeeping(long limit, long current) {
        return Value.isNumber(limit) && current >= limit / 4 * 3;
    }

    /**
     * How much swap a cgroup may still fill: the kernel asks each level up to the root (mem_cgroup_get_nr_swap_pages).
     *
     * @param above the same of the parent, or the node's free swap
     */
    public static long swapRoom(long above, long swapMax, long swapCurrent) {
        if (absent(above, swapMax) || swapCurrent == Value.ABSENT) {
            return Value.ABSENT;
        }
        return swapMax == Value.UNLIMITED ? above : Math.max(0, Math.min(above, swapMax - swapCurrent));
    }

    private static boolean absent(long a, long b) {
        return a == Value.ABSENT || b == Value.ABSENT;
    }
}
