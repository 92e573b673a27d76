package io.memspike.cgroup;

/**
 * What we want of memory.stat, as places in an array. Bytes, but for {@link #PGMAJFAULT}, a count. Recursive: it
 * includes the cgroup's descendants.
 *
 * <p>Large movements are there at once; small ones (below 64 pages × CPUs) may come up to 2 s late, because the kernel
 * gathers them per CPU. Linux 5.16 to 6.7 has no such bound for a single cgroup (mm/memcontrol.c, flush_stats).
 *
 * <p>Documentation/admin-guide/cgroup-v2.rst, memory.stat.
 */
public final class MemoryStat {
    public static final int ANON = 0;
    /** Page cache, <em>including</em> {@link #SHMEM}. */
    public static final int FILE = 1;
    /** tmpfs, shared memory, shared anonymous maps; counted in FILE, but kept on the anon lists. */
    public static final int SHMEM = 2;

    public static final int FILE_DIRTY = 3;
    public static final int FILE_WRITEBACK = 4;
    public static final int INACTIVE_ANON = 5;
    public static final int ACTIVE_ANON = 6;
    /** The file lists hold the page cache that can be reclaimed, and MADV_FREE memory; neither tmpfs nor mlocked. */
    public static final int INACTIVE_FILE = 7;

    public static final int ACTIVE_FILE = 8;
    public static final int SLAB_RECLAIMABLE = 9;
    public static final int PGMAJFAULT = 10;
    /** Since Linux 5.18. Without {@code sock}. */
    public static final int KERNEL = 11;

    public static final int COUNT = 12;

    private MemoryStat() {}

    public static FlatKeyed parser() {
        return new FlatKeyed(
                COUNT - 1,
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
                "pgmajfault",
                "kernel");
    }
}
