package io.memspike.process;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all processes of all workloads, again and again, on a thread of its own and within a share of a core: who is
 * closest to the limit first, one process at a time.
 */
public final class ProcessWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessWatch.class);
    private static final long UNTIL_SOMEBODY_IS_THERE_NANOS = 1_000_000_000L;

    /**
     * How often, and at what cost.
     *
     * @param intervalNanos from the beginning of one look to that of the next, if it takes no longer; 0: never
     * @param cpuShare of one core, kept whatever the sizes of the processes
     * @param largestProcessBytes of RSS: the kernel holds the mmap_lock of a process, mapping by mapping, while it adds
     *     up its shares, 10 ms for each GiB; larger ones are left alone
     */
    public record Settings(long intervalNanos, double cpuShare, long largestProcessBytes) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Workloads workloads;
    private final Failures failures;
    private final Settings settings;
    private final Path procfs;
    private final AtomicLong tooLarge = new AtomicLong();
    private volatile boolean pssWorks;
    private boolean deniedBefore;

    public ProcessWatch(Path procfs, Workloads workloads, Failures failures, Settings settings) {
        this.procfs = procfs;
        this.workloads = workloads;
        this.failures = failures;
        this.settings = settings;
    }

    public void start() {
        if (settings.intervalNanos > 0) {
            Thread thread = new Thread(this::run, "memspike-processes");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Whether the last look could read every smaps_rollup that it tried, and there was one. */
    public boolean pssWorks() {
        return pssWorks;
    }

    /** Processes that were left alone because of their size, each look counting anew. */
    public long tooLarge() {
        return tooLarge.get();
    }

    private void run() {
        Budget budget = new Budget(settings.cpuShare, threads::getCurrentThreadCpuTime, ProcessWatch::rest);
        while (true) {
            long began = System.nanoTime();
            try {
                look(budget);
            } catch (RuntimeException e) {
                // A defect of ours: the next look may do better.
                failures.count("defect", Outcome.FAILED, () -> "looking at processes: " + e);
            }
            rest(settings.intervalNanos - (System.nanoTime() - began));
        }
    }

    private void look(Budget budget) {
        List<? extends Workloads.Workload> order = workloads.riskiestFirst();
        while (order.isEmpty()) {
            rest(UNTIL_SOMEBODY_IS_THERE_NANOS);
            order = workloads.riskiestFirst();
        }
        Look look = new Look(procfs, settings.largestProcessBytes, failures, budget);
        look.at(order, workloads::of);
        tooLarge.addAndGet(look.tooLarge());
        pssWorks = look.read() > 0 && look.denied() == 0;
        if (look.denied() > 0 && !deniedBefore) {
            deniedBefore = true;
            LOG.info("PSS can not be read without CAP_SYS_PTRACE (or, on newer kernels, CAP_PERFMON): "
                    + "RssAnon and RssShmem stand in for it");
        }
    }

    private static void rest(long nanos) {
        long until = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
