package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.oom.KernelLog;
import io.memspike.oom.OomReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Victims as the real /dev/kmsg tells of them. */
@Tag("kernel")
class KernelLogKernelTest {
    private static final Path DEVICE = Path.of("/dev/kmsg");

    private final LabCgroup pod = LabCgroup.slice("kernel-log.slice");
    private final LabCgroup container = pod.child("container.scope");
    private final List<OomReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @AfterEach
    void remove() {
        pod.close();
    }

    @Test
    void shouldTellOfAKillFromNowOnAndOfNoneBefore() throws Exception {
        container.write("memory.max", "32M");
        assertThat(container.hold("anon:64").waitFor()).isEqualTo(128 + 9);
        try (KernelLog log = log()) {
            Process victim = container.hold("anon:64");
            KernelLab.eventually().until(() -> !reports.isEmpty());
            victim.waitFor();
            assertThat(log.isWorking()).isTrue();
        }
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.victim().name()).isEqualTo("hold");
            assertThat(report.victim().oomMemcg()).isEqualTo(container.name());
            assertThat(report.victim().taskMemcg()).isEqualTo(container.name());
            assertThat(report.victim().anonRssBytes()).isBetween(24L << 20, 32L << 20);
        });
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldReportAGroupOfThreeWithThePodThatHitItsLimit() throws Exception {
        pod.write("memory.max", "48M");
        container.write("memory.oom.group", "1");
        try (KernelLog log = log()) {
            container.hold("fork:2", "anon:64").waitFor();
            KernelLab.eventually().until(() -> reports.size() == 3);
            assertThat(log.isWorking()).isTrue();
        }
        assertThat(reports).extracting(report -> report.victim().pid()).doesNotHaveDuplicates();
        assertThat(reports).allMatch(report -> report.victim().oomMemcg().equals(pod.name()));
        assertThat(reports).allMatch(report -> report.victim().taskMemcg().equals(container.name()));
    }

    /** What a process writes there is no message of the kernel, and more of it than the log holds is a gap. */
    @Test
    void shouldGoOnAfterAGapAndBelieveNoProcess() throws Exception {
        String forged = "Memory cgroup out of memory: Killed process 1 (" + "x".repeat(600)
                + ") total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0";
        Files.writeString(Path.of("/proc/sys/kernel/printk_devkmsg"), "on\n");
        container.write("memory.max", "32M");
        try (KernelLog log = unstarted()) {
            for (int i = 0; i < 4000; i++) {
                Files.writeString(DEVICE, forged, StandardOpenOption.WRITE);
            }
            log.start();
            KernelLab.eventually().until(() -> log.lost() > 0);
            container.hold("anon:64").waitFor();
            KernelLab.eventually().until(() -> !reports.isEmpty());
        }
        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report.victim().name()).isEqualTo("hold"));
        assertThat(failures).isEmpty();
    }

    private KernelLog log() {
        return unstarted().start();
    }

    private KernelLog unstarted() {
        return new KernelLog(DEVICE, (source, outcome, what) -> failures.add(what.get()), reports::add);
    }
}
