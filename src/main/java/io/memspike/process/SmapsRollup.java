package io.memspike.process;

import io.memspike.linux.Outcome;

/**
 * A process' share of the memory that it has mapped, from /proc/PID/smaps_rollup
 * (Documentation/ABI/testing/procfs-smaps_rollup): a page that N processes map counts 1/N in Pss.
 *
 * <pre>
 * 55c0860f1000-7ffe9c22b000 ---p 00000000 00:00 0                          [rollup]
 * Rss:                1616 kB
 * Pss:                 305 kB
 * Pss_Anon:            116 kB
 * Private_Clean:        48 kB
 * Private_Dirty:       116 kB
 * </pre>
 *
 * The kernel rounds each down to a kilobyte. Pss_Anon, Pss_File and Pss_Shmem are there since Linux 5.4. Owned by one
 * thread.
 */
final class SmapsRollup {
    private static final int PRIVATE_CLEAN = 1;
    private static final int PRIVATE_DIRTY = 2;
    private static final int REQUIRED = 3;
    private static final KilobyteLines LINES = new KilobyteLines(
            REQUIRED, "Pss", "Private_Clean", "Private_Dirty", "Pss_Anon", "Pss_File", "Pss_Shmem", "SwapPss");

    private final long[] lines = new long[7];

    /**
     * Reads the shares.
     *
     * @param shares receives {@link Footprint#PARTS} values in bytes, {@link Footprint#UNKNOWN} for what this kernel
     *     doesn't say
     * @return {@link Outcome#OK}, or {@link Outcome#MALFORMED} with all of them unknown
     */
    Outcome parse(byte[] text, int length, long[] shares) {
        Outcome outcome = LINES.parse(text, length, lines);
        shares[Footprint.PSS] = lines[0];
        shares[Footprint.PSS_ANON] = lines[REQUIRED];
        shares[Footprint.PSS_FILE] = lines[REQUIRED + 1];
        shares[Footprint.PSS_SHMEM] = lines[REQUIRED + 2];
        shares[Footprint.SWAP_PSS] = lines[REQUIRED + 3];
        shares[Footprint.USS] = outcome == Outcome.OK ? lines[PRIVATE_CLEAN] + lines[PRIVATE_DIRTY] : Footprint.UNKNOWN;
        return outcome;
    }
}
