package io.memspike.process;

/**
 * What the processes of one workload take, at the end of one look at all of them: sums over its processes, in bytes.
 *
 * @param atNanos when, by {@link System#nanoTime()}
 * @param processes how many had memory of their own: no zombies, no kernel threads. 0 says that none was seen, because
 *     it has none or because they are hidden (hidepid, or a /proc of another pid namespace): then all else is unknown
 * @param shares of smaps_rollup; {@link #PARTS} values in the order of the constants. Each {@link #UNKNOWN} when one
 *     of the processes could not be read, for a sum without it would be too small; some of them when the kernel
 *     doesn't say
 * @param rssAnon RssAnon of status, which anyone may read; {@link #UNKNOWN} likewise
 * @param rssShmem RssShmem of status
 */
@SuppressWarnings("ArrayRecordComponent") // written once, before it is handed out
public record Footprint(long atNanos, int processes, long[] shares, long rssAnon, long rssShmem) {
    /** The same as {@code cgroup.Value.ABSENT}. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    public static final int PSS = 0;
    public static final int PSS_ANON = 1;
    public static final int PSS_FILE = 2;
    public static final int PSS_SHMEM = 3;
    /** Private_Clean + Private_Dirty: what would be free if all processes of the workload ended. */
    public static final int USS = 4;

    public static final int SWAP_PSS = 5;
    public static final int PARTS = 6;
}
