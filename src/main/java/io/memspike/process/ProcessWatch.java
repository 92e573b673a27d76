package io.memspike.process;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import io.memspike.process.Workloads.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks at the processes of all workloads, pass after pass, the workload that is closest to its limit first. Holds to
 * a share of one core whatever the sizes of the processes: a pass then takes as long as it takes, and the next begins
 * later. Processes are found through /proc/PID/cgroup, not cgroup.procs, which gives 0 for those that aren't in the
 * reader's pid namespace: so the host's /proc, mounted anywhere, is enough.
 *
 * <p>A process that began after the pass listed /proc counts from the next pass on.
 */
public final class ProcessWatch {
    /**
     * How often, and at what cost.
     *
     * @param intervalNanos from the beginning of a pass to that of the next; 0 switches all of it off
     * @param cpuShare of one core that the thread may use; 0.01 is 1 %
     * @param largestProcessBytes of VmRSS; the smaps_rollup of a process above isn't read, because the process can't
     *     map memory meanwhile
     */
    public record Schedule(long intervalNanos, double cpuShare, long largestProcessBytes) {}

    private static final long UNTIL_SOMEBODY_IS_THERE_NANOS = 1_000_000_000L;

    private final Workloads workloads;
    private final Failures failures;
    private final Schedule schedule;
    private final ProcFiles files;
    private final Clock clock;
    private final Budget budget;
    private final ProcessReader reader;

    private volatile boolean pssWorks;
    private volatile long passes;
    private volatile double lastPassSeconds = Double.NaN;

    public ProcessWatch(Path procfs, Workloads workloads, Failures failures, Schedule schedule) {
        this(new ProcFiles(procfs), workloads, failures, schedule, Clock.SYSTEM);
    }

    ProcessWatch(ProcFiles files, Workloads workloads, Failures failures, Schedule schedule, Clock clock) {
        this.workloads = workloads;
        this.failures = failures;
        this.schedule = schedule;
        this.files = files;
        this.clock = clock;
        budget = new Budget(schedule.cpuShare(), clock);
        reader = new ProcessReader(files, failures, schedule.largestProcessBytes(), clock, budget);
    }

    /** Starts the thread; does nothing when it is switched off. */
    public void start() {
        if (isOn()) {
            Thread thread = new Thread(this::run, "memspike-processes");
            thread.setDaemon(true);
            thread.start();
        }
    }

    public boolean isOn() {
        return schedule.intervalNanos() > 0;
    }

    /** Whether the last pass could read a smaps_rollup, and none was denied. Any thread. */
    public boolean pssWorks() {
        return pssWorks;
    }

    /** Processes left unread because of their size, counted anew in each pass. Any thread. */
    public long tooLarge() {
        return reader.tooLarge.sum();
    }

    /** Passes ended. Any thread. */
    public long passes() {
        return passes;
    }

    /** How long the last pass took, its waits included; NaN before the first ended. Any thread. */
    public double lastPassSeconds() {
        return lastPassSeconds;
    }

    private void run() {
        while (workloads.riskiestFirst().isEmpty()) {
            clock.park(UNTIL_SOMEBODY_IS_THERE_NANOS);
        }
        while (true) {
            long began = clock.nanos();
            pass();
            budget.payAll();
            long rest = schedule.intervalNanos() - (clock.nanos() - began);
            while (rest > 0) {
                clock.park(rest);
                rest = schedule.intervalNanos() - (clock.nanos() - began);
            }
        }
    }

    /** One look at everything. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // there's one thread that writes
    void pass() {
        long began = clock.nanos();
        reader.beginPass();
        safely("in a pass", () -> {
            Map<Workload, List<Integer>> processes = processes();
            for (Workload workload : workloads.riskiestFirst()) {
                safely("with a workload", () -> look(workload, processes.getOrDefault(workload, List.of())));
            }
        });
        pssWorks = reader.sharesCanBeRead();
        lastPassSeconds = (clock.nanos() - began) / 1e9;
        passes++;
    }

    private void look(Workload workload, List<Integer> pids) {
        Sum sum = new Sum();
        for (int pid : pids) {
            budget.pay();
            reader.add(pid, path -> workload.equals(workloads.of(path)), sum);
        }
        workload.footprint(sum.at(clock.nanos()));
    }

    /** Which processes each workload has now, by one look at each process. */
    private Map<Workload, List<Integer>> processes() {
        Map<Workload, List<Integer>> byWorkload = new HashMap<>();
        String[] names = files.list();
        if (names == null) {
            failures.count("procfs", Outcome.FAILED, () -> files + " can't be listed");
            return byWorkload;
        }
        for (String name : names) {
            budget.pay();
            int pid = pid(name);
            String path = pid < 0 ? null : reader.cgroup(pid);
            Workload workload = path == null ? null : workloads.of(path);
            if (workload != null) {
                byWorkload.computeIfAbsent(workload, first -> new ArrayList<>()).add(pid);
            }
        }
        return byWorkload;
    }

    /** -1 for what isn't a process. The kernel gives no pid beyond 4,194,304. */
    private static int pid(String name) {
        boolean number = !name.isEmpty() && name.length() <= 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(name) : -1;
    }

    /** A defect of ours, or of who takes the figures, in one place doesn't end the rest. */
    private void safely(String where, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            StackTraceElement[] trace = e.getStackTrace();
            failures.count(
                    "defect",
                    Outcome.FAILED,
                    () -> "processes, " + where + ": " + e + " at " + (trace.length == 0 ? "?" : trace[0]));
        }
    }
}
