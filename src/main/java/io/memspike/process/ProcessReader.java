package io.memspike.process;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads one process after the other, and charges the budget for it. Owned by the thread of {@link ProcessWatch}. */
final class ProcessReader {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessReader.class);

    private final ProcFiles files;
    private final Failures failures;
    private final long largestBytes;
    private final Clock clock;
    private final Budget budget;
    private final SmapsRollup rollup = new SmapsRollup();
    private final long[] memory = new long[ProcStatus.COUNT];
    private final long[] shares = new long[Footprint.PARTS];
    private final Set<ProcFile> saidDenied = EnumSet.noneOf(ProcFile.class);

    /** Processes whose smaps_rollup was not read for their size. Any thread. */
    final LongAdder tooLarge = new LongAdder();

    private int read;
    private int denied;

    ProcessReader(ProcFiles files, Failures failures, long largestBytes, Clock clock, Budget budget) {
        this.files = files;
        this.failures = failures;
        this.largestBytes = largestBytes;
        this.clock = clock;
        this.budget = budget;
    }

    void beginPass() {
        read = 0;
        denied = 0;
    }

    /** Whether, since the pass began, a smaps_rollup was read and no file was denied. */
    boolean sharesCanBeRead() {
        return read > 0 && denied == 0;
    }

    /** The path of the process' cgroup as it is now; null when there's no process any more, or none that we may see. */
    @Nullable
    String cgroup(int pid) {
        Outcome outcome = files.read(pid, ProcFile.CGROUP);
        String path = outcome == Outcome.OK ? ProcCgroup.path(files.bytes(), files.length()) : null;
        note(ProcFile.CGROUP, outcome == Outcome.OK && path == null ? Outcome.MALFORMED : outcome);
        return path;
    }

    /**
     * Adds a process to the sum of its workload, unless it has ended or has no memory of its own. That it is still the
     * workload's is asked last, and before what the reads cost is waited for: pids are given out in turn, so that one
     * isn't given out twice meanwhile, and whatever was read before the question is either of a process that is in
     * the workload, or is thrown away.
     *
     * @param isTheWorkloads of the path of a cgroup
     */
    void add(int pid, Predicate<String> isTheWorkloads, Sum sum) {
        Outcome status = readStatus(pid);
        boolean noMemory = status == Outcome.OK && memory[ProcStatus.VM_RSS] == Footprint.UNKNOWN;
        if (status == Outcome.GONE || noMemory) {
            return;
        }
        Arrays.fill(shares, Footprint.UNKNOWN);
        // How large it is must be known first.
        boolean ended = status == Outcome.OK && isToBeRead(sum) && readShares(pid) == Outcome.GONE;
        String path = ended ? null : cgroup(pid);
        if (path != null && isTheWorkloads.test(path)) {
            sum.add(memory, shares);
        }
    }

    private Outcome readStatus(int pid) {
        Arrays.fill(memory, Footprint.UNKNOWN);
        Outcome outcome = files.read(pid, ProcFile.STATUS);
        if (outcome == Outcome.OK) {
            outcome = ProcStatus.parse(files.bytes(), files.length(), memory);
        }
        note(ProcFile.STATUS, outcome);
        // No process is without this file: it went between the opening and the look whether its directory is there.
        return outcome == Outcome.ABSENT ? Outcome.GONE : outcome;
    }

    private boolean isToBeRead(Sum sum) {
        if (memory[ProcStatus.VM_RSS] > largestBytes) {
            tooLarge.increment();
            return false;
        }
        return sum.sharesKnown();
    }

    /**
     * The walk over the whole memory of the process, 10 ms per GiB of small pages, during which it can't map or unmap
     * anything. That is why all is paid for before (what the caller left to pay is a few ms), and why the time on the clock is charged: where the machine is
     * busy or our own CPU is throttled, the process is held up for longer than we were on a CPU.
     */
    private Outcome readShares(int pid) {
        budget.payAll();
        long began = clock.nanos();
        Outcome outcome = files.read(pid, ProcFile.SMAPS_ROLLUP);
        budget.charge(clock.nanos() - began);
        if (outcome == Outcome.OK) {
            outcome = rollup.parse(files.bytes(), files.length(), shares);
            read++;
        }
        note(ProcFile.SMAPS_ROLLUP, outcome);
        return outcome;
    }

    private void note(ProcFile which, Outcome outcome) {
        switch (outcome) {
            case OK, GONE, ABSENT -> {}
            case DENIED -> {
                denied++;
                if (saidDenied.add(which)) {
                    LOG.info("{} can't be read ({}): {}", which.source, files.failure(), which.whenDenied);
                }
            }
            // Without the pid, or each process would be a distinct error, and a line in the log.
            case MALFORMED -> failures.count(which.source, outcome, () -> files + "/PID/" + which.file);
            case UNSUPPORTED, FAILED ->
                failures.count(which.source, outcome, () -> files + "/PID/" + which.file + ": " + files.failure());
        }
    }
}
