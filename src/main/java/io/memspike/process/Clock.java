package io.memspike.process;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;

/** Time as one thread has it; a test brings its own. */
interface Clock {
    /** As {@link System#nanoTime()}. */
    long nanos();

    /** What the calling thread has been on a CPU since it began, the kernel's work for it included. */
    long cpuNanos();

    /** Waits so long, or shorter. */
    void park(long nanos);

    /** The real one. */
    Clock SYSTEM = new Clock() {
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long cpuNanos() {
            return threads.getCurrentThreadCpuTime();
        }

        @Override
        public void park(long nanos) {
            LockSupport.parkNanos(nanos);
        }
    };
}
