package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.linux.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This machine's own /proc, of which only processes of this test are shown to the watch. */
class RealProcTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path dir;

    private final long self = ProcessHandle.current().pid();
    private Process parent;

    @AfterEach
    void end() {
        if (parent != null) {
            parent.destroyForcibly();
        }
    }

    @Test
    void shouldReadThePssThatANaiveReaderReads() throws IOException {
        String text = Files.readString(Path.of("/proc/self/smaps_rollup"));
        long naive = text.lines()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.split("\\s+", -1)[1]))
                .sum();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        long[] shares = new long[Footprint.PARTS];
        assertThat(new SmapsRollup().parse(bytes, bytes.length, shares)).isEqualTo(Outcome.OK);
        assertThat(shares).doesNotContain(Footprint.UNKNOWN);
        assertThat(shares[Footprint.PSS]).isEqualTo(naive * 1024).isGreaterThan(MIB);
        assertThat(shares[Footprint.USS]).isBetween(MIB, shares[Footprint.PSS]);
    }

    @Test
    void shouldWatchThisProcessPassAfterPassAndNotItsZombie() throws IOException {
        show(self);
        show(zombie());
        FakeWorkloads workloads = new FakeWorkloads(cgroup());
        LongAdder failures = new LongAdder();
        // A large share, for the test not to wait long.
        ProcessWatch watch = new ProcessWatch(
                dir,
                workloads,
                (source, outcome, what) -> failures.increment(),
                new ProcessWatch.Schedule(200_000_000, 0.5, Long.MAX_VALUE));
        assertThat(watch.lastPassSeconds()).isNaN();
        watch.start();
        await().until(() -> watch.passes() >= 2);
        Footprint footprint = workloads.at(cgroup()).last();
        assertThat(footprint.processes()).isOne();
        assertThat(footprint.shares()).doesNotContain(Footprint.UNKNOWN);
        assertThat(footprint.shares()[Footprint.PSS]).isGreaterThan(MIB);
        assertThat(footprint.rssAnon()).isGreaterThan(MIB);
        assertThat(watch.pssWorks()).isTrue();
        assertThat(watch.lastPassSeconds()).isPositive();
        assertThat(failures.sum()).isZero();
    }

    @Test
    void shouldStartNothingWhenItIsOff() {
        ProcessWatch watch = new ProcessWatch(
                dir, new FakeWorkloads(), (source, outcome, what) -> {}, new ProcessWatch.Schedule(0, 0.01, 0));
        watch.start();
        assertThat(watch.isOn()).isFalse();
        assertThat(watch.passes()).isZero();
    }

    private void show(long pid) throws IOException {
        Files.createSymbolicLink(dir.resolve(Long.toString(pid)), Path.of("/proc/" + pid));
    }

    private String cgroup() throws IOException {
        byte[] text = Files.readAllBytes(Path.of("/proc/self/cgroup"));
        return String.valueOf(ProcCgroup.path(text, text.length));
    }

    /** A child of a program that was put in the place of its shell, and never waits for it. */
    private long zombie() throws IOException {
        parent = new ProcessBuilder("sh", "-c", "true & exec sleep 600").start();
        await().until(() ->
                parent.children().anyMatch(child -> state(child.pid()).equals("Z")));
        return parent.children().findFirst().orElseThrow().pid();
    }

    private static String state(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst(".*\\) (.).*\\n", "$1");
        } catch (IOException e) {
            return "";
        }
    }
}
