package io.memspike.process;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A /proc of ordinary files, and what happens while it is read: a file denied to root can't be made. */
final class FakeProc extends ProcFiles {
    private final Path dir;
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private final Map<String, Runnable> before = new HashMap<>();

    /** Every smaps_rollup that was asked for, by pid. */
    final List<Integer> walked = new ArrayList<>();

    FakeProc(Path dir) {
        super(dir);
        this.dir = dir;
    }

    /** A process of kB resident, of which half is anonymous and a quarter shared memory; PSS is a kB less. */
    FakeProc process(int pid, String cgroup, long kilobytes) {
        write(
                pid,
                ProcFile.STATUS,
                "Name:\tx\nVmRSS:\t%d kB\nRssAnon:\t%d kB\nRssShmem:\t%d kB\nThreads:\t1\n"
                        .formatted(kilobytes, kilobytes / 2, kilobytes / 4));
        write(pid, ProcFile.CGROUP, "1:name=systemd:/v1\n0::" + cgroup + "\n");
        write(pid, ProcFile.SMAPS_ROLLUP, """
                0-7 ---p 0 00:00 0 [rollup]
                Rss: %d kB
                Pss: %d kB
                Pss_Anon: 4 kB
                Pss_File: 5 kB
                Pss_Shmem: 6 kB
                Private_Clean: 7 kB
                Private_Dirty: 8 kB
                SwapPss: 9 kB
                """.formatted(kilobytes, kilobytes - 1));
        return this;
    }

    /** Makes it what a captured zombie or kernel thread is. */
    FakeProc withoutMemory(int pid, String cgroup, String captured) {
        write(pid, ProcFile.STATUS, Fixtures.text(Fixtures.dir("process/" + captured + "/status")));
        write(pid, ProcFile.CGROUP, "0::" + cgroup + "\n");
        return this;
    }

    FakeProc write(int pid, ProcFile which, String text) {
        try {
            Path process = Files.createDirectories(dir.resolve(Integer.toString(pid)));
            Files.writeString(process.resolve(which.file), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void end(int pid) {
        for (ProcFile which : ProcFile.values()) {
            remove(dir.resolve(Integer.toString(pid)).resolve(which.file));
        }
        remove(dir.resolve(Integer.toString(pid)));
    }

    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeProc answer(int pid, ProcFile which, Outcome outcome) {
        outcomes.put(pid + which.file, outcome);
        return this;
    }

    /** Does something just before that file is opened. */
    FakeProc before(int pid, ProcFile which, Runnable happens) {
        before.put(pid + which.file, happens);
        return this;
    }

    @Override
    Outcome read(int pid, ProcFile which) {
        if (which == ProcFile.SMAPS_ROLLUP) {
            walked.add(pid);
        }
        before.getOrDefault(pid + which.file, () -> {}).run();
        Outcome real = super.read(pid, which);
        return outcomes.getOrDefault(pid + which.file, real);
    }
}
