package io.memspike.process;

/**
 * Holds a thread to a share of one core: whatever it has spent is waited for in proportion before it goes on, so that
 * the share is kept however large one piece of work was. Owned by that thread, and charges all that it has spent since
 * it began.
 */
final class Budget {
    /** Waking up costs as much as reading a small file: shorter waits are put together. */
    private static final long WORTH_WAITING_NANOS = 10_000_000;

    private final double waitForSpent;
    private final Clock clock;
    private long charged;
    private double owed;

    /** @param share of one core; 0.01 is 1 % */
    Budget(double share, Clock clock) {
        waitForSpent = Math.max(0, 1 / share - 1);
        this.clock = clock;
    }

    /**
     * Charges what has been spent since the last time: the CPU time, or {@code atLeastNanos} when that is more.
     *
     * @param atLeastNanos for how long someone else may have been held up
     */
    void charge(long atLeastNanos) {
        long cpu = clock.cpuNanos();
        owed += Math.max(cpu - charged, atLeastNanos) * waitForSpent;
        charged = cpu;
    }

    /** After a small piece of work: waits when enough has come together. */
    void pay() {
        charge(0);
        if (owed >= WORTH_WAITING_NANOS) {
            payAll();
        }
    }

    /** Before a large one: waits until nothing is owed. */
    void payAll() {
        charge(0);
        while (owed >= 1) {
            long from = clock.nanos();
            clock.park((long) owed);
            owed -= clock.nanos() - from;
        }
        // What was waited too long is no credit: after the machine was suspended it would be a large one.
        owed = Math.max(owed, 0);
    }
}
