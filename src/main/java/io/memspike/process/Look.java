package io.memspike.process;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One look at all processes: first whose each is, then what it takes. */
final class Look {
    private final Path procfs;
    private final long largest;
    private final Failures failures;
    private final Budget budget;
    private final ProcessFiles files = new ProcessFiles();
    private final long[] shares = new long[Footprint.PARTS];
    private int read;
    private int denied;
    private int tooLarge;

    /** A process, and the cgroup that it was in when it was found. */
    private record Member(Path process, String cgroup) {}

    /** What the processes of one workload take, as far as they have been looked at. */
    private static final class Sum {
        final long[] shares = new long[Footprint.PARTS];
        int processes;
        long rssAnon;
        long rssShmem;

        /** @param of its shares; null when they aren't known: a sum without them would be too small */
        void add(ProcessFiles process, long @Nullable [] of) {
            processes++;
            rssAnon = ProcessFiles.sum(rssAnon, process.rssAnon());
            rssShmem = ProcessFiles.sum(rssShmem, process.rssShmem());
            for (int i = 0; i < Footprint.PARTS; i++) {
                shares[i] = of == null ? Footprint.UNKNOWN : ProcessFiles.sum(shares[i], of[i]);
            }
        }

        void addUnknown() {
            processes++;
            rssAnon = Footprint.UNKNOWN;
            rssShmem = Footprint.UNKNOWN;
            Arrays.fill(shares, Footprint.UNKNOWN);
        }
    }

    Look(Path procfs, long largest, Failures failures, Budget budget) {
        this.procfs = procfs;
        this.largest = largest;
        this.failures = failures;
        this.budget = budget;
    }

    /** Looks at the processes of each workload, in this order, and tells it as soon as it is through with it. */
    <W extends Workloads.Workload> void at(List<W> order, Function<String, ? extends Workloads.@Nullable Workload> of) {
        Map<Workloads.Workload, List<Member>> members = members(of);
        for (Workloads.Workload workload : order) {
            Sum sum = new Sum();
            for (Member member : members.getOrDefault(workload, List.of())) {
                look(member, sum);
                budget.settle();
            }
            // None that we could see: it has none, or they are hidden from us (hidepid). Which, can't be told.
            if (sum.processes > 0) {
                workload.footprint(
                        new Footprint(System.nanoTime(), sum.processes, sum.shares, sum.rssAnon, sum.rssShmem));
            }
        }
    }

    private Map<Workloads.Workload, List<Member>> members(Function<String, ? extends Workloads.@Nullable Workload> of) {
        Map<Workloads.Workload, List<Member>> members = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(procfs, "[0-9]*")) {
            for (Path process : processes) {
                String cgroup = files.cgroup(process);
                if (cgroup != null) {
                    Workloads.Workload workload = of.apply(cgroup);
                    if (workload != null) {
                        members.computeIfAbsent(workload, first -> new ArrayList<>())
                                .add(new Member(process, cgroup));
                    }
                }
                budget.settle();
            }
        } catch (IOException | DirectoryIteratorException e) {
            failures.count("processes", Outcome.FAILED, () -> procfs + ": " + e.getMessage());
        }
        return members;
    }

    private void look(Member member, Sum sum) {
        Outcome outcome = files.status(member.process);
        if (outcome == Outcome.GONE || (outcome == Outcome.OK && !files.hasMemory())) {
            return;
        }
        if (outcome != Outcome.OK) {
            failed(member, ProcessFiles.STATUS, outcome);
            sum.addUnknown();
            return;
        }
        boolean known = false;
        if (files.rss() > largest) {
            tooLarge++;
        } else {
            outcome = files.shares(member.process, shares);
            if (outcome == Outcome.GONE) {
                return;
            }
            known = outcome == Outcome.OK;
            read += known ? 1 : 0;
            denied += outcome == Outcome.DENIED ? 1 : 0;
            if (outcome == Outcome.MALFORMED || outcome == Outcome.FAILED) {
                failed(member, ProcessFiles.SMAPS_ROLLUP, outcome);
            }
        }
        // Its number may belong to another process by now. One in the same cgroup counts as well as the first.
        if (member.cgroup.equals(files.cgroup(member.process))) {
            sum.add(files, known ? shares : null);
        }
    }

    private void failed(Member member, String file, Outcome outcome) {
        failures.count(file, outcome, () -> member.process.resolve(file) + ": " + files.failure());
    }

    /** Processes whose shares were read. */
    int read() {
        return read;
    }

    /** Processes whose shares we may not read. */
    int denied() {
        return denied;
    }

    /** Processes that were left alone because of their size. */
    int tooLarge() {
        return tooLarge;
    }
}
