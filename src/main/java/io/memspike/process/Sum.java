package io.memspike.process;

import java.util.Arrays;

/** Adds up the processes of one workload. What is unknown of one process is unknown of the sum. */
final class Sum {
    private final long[] memory = new long[ProcStatus.COUNT];
    private final long[] shares = new long[Footprint.PARTS];
    private int processes;

    void add(long[] moreMemory, long[] moreShares) {
        processes++;
        addEach(memory, moreMemory);
        addEach(shares, moreShares);
    }

    private static void addEach(long[] sum, long[] more) {
        for (int i = 0; i < sum.length; i++) {
            boolean unknown = sum[i] == Footprint.UNKNOWN || more[i] == Footprint.UNKNOWN;
            sum[i] = unknown ? Footprint.UNKNOWN : sum[i] + more[i];
        }
    }

    /** Whether it is still worth while to read shares: with one process missing, those of the others are no use. */
    boolean sharesKnown() {
        return shares[Footprint.PSS] != Footprint.UNKNOWN;
    }

    Footprint at(long nanos) {
        if (processes == 0) {
            Arrays.fill(memory, Footprint.UNKNOWN);
            Arrays.fill(shares, Footprint.UNKNOWN);
        }
        return new Footprint(nanos, processes, shares, memory[ProcStatus.RSS_ANON], memory[ProcStatus.RSS_SHMEM]);
    }
}
