package io.memspike.testkit;

import java.lang.management.ManagementFactory;

/** Counts the bytes that a piece of code allocates on this thread. */
public final class Allocations {
    private static final int ROUNDS = 10;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    /**
     * The bytes allocated by {@code times} runs in a row, once warm. The JVM itself allocates now and then for code that
     * isn't compiled yet, so that the best of several rounds counts: what allocates at each run does so in all of them.
     */
    public static long of(int times, Runnable code) {
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            least = Math.min(least, once(times, code));
        }
        return least;
    }

    private static long once(int times, Runnable code) {
        long self = Thread.currentThread().getId();
        THREADS.getThreadAllocatedBytes(self);
        long before = THREADS.getThreadAllocatedBytes(self);
        for (int i = 0; i < times; i++) {
            code.run();
        }
        return THREADS.getThreadAllocatedBytes(self) - before;
    }
}
