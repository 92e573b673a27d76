package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.kernel.KernelLab.Scrape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills by the real OOM killer, with the cgroup removed at once, as container runtimes do. */
@Tag("kernel")
class KillKernelTest {
    private static final String POD = "kubepods-pod0a1b2c3d_0000_4000_8000_0123456789ab.slice";
    private static final String FIRST = "a1".repeat(32);
    private static final String SECOND = "b2".repeat(32);

    private final KernelLab lab = KernelLab.running();
    private LabCgroup kubepods;
    private LabCgroup pod;

    @BeforeEach
    void makePod() {
        kubepods = LabCgroup.slice("kubepods.slice");
        pod = kubepods.childSlice(POD);
    }

    @AfterEach
    void removePod() {
        kubepods.close();
    }

    @Test
    void shouldCountAKillOnceWhenTheCgroupIsRemovedAtOnce() {
        LabCgroup container = container(FIRST, "64M");
        double before = killsOf(FIRST);
        killAndRemove(container);
        expect(FIRST, before + 1, "oom_incidents_total", 1);
        assertThat(pod.table("memory.events")).containsEntry("oom_kill", 1L);
        double last = lab.scrape().get("oom_last_kill_timestamp_seconds", FIRST);
        assertThat(last).isBetween(System.currentTimeMillis() / 1000.0 - 120, System.currentTimeMillis() / 1000.0);
    }

    @Test
    void shouldGoOnCountingWhenTheContainerIsMadeAgainUnderTheSameIdentity() {
        for (int life = 1; life <= 3; life++) {
            killAndRemove(container(SECOND, "64M"));
            expect(SECOND, life, "oom_incidents_total", life);
        }
        assertThat(pod.table("memory.events")).containsEntry("oom_kill", 3L);
    }

    @Test
    void shouldCreditTheContainerThatDiedWhenThePodsLimitFires() {
        pod.write("memory.max", "100M");
        String innocentId = "c3".repeat(32);
        String greedyId = "d4".repeat(32);
        LabCgroup innocent = container(innocentId, "90M");
        LabCgroup greedy = container(greedyId, "max");
        innocent.hold("anon:25");
        greedy.hold("anon:20");
        KernelLab.eventually().until(() -> pod.number("memory.current") > 45 << 20);
        KernelLab.eventually().untilAsserted(() -> {
            Scrape scrape = lab.scrape();
            assertThat(scrape.get("memory_limit_bytes", innocentId)).isEqualTo(90 << 20);
            assertThat(scrape.get("memory_limit_bytes", greedyId)).isEqualTo(100 << 20);
            // 55 MiB are left to the pod, and that is less than the 65 which the innocent's own limit would leave it.
            assertThat(scrape.get("memory_headroom_bytes", greedyId))
                    .isEqualTo(scrape.get("memory_headroom_bytes", innocentId));
        });
        killAndRemove(greedy);
        expect(greedyId, 1, "oom_incidents_total", 1);
        assertThat(lab.scrape().get("oom_kills_total", innocentId)).isZero();
    }

    @Test
    void shouldCountAGroupKillOfThreeAsOneIncidentAndAsManyKillsAsTheKernel() {
        String id = "e5".repeat(32);
        LabCgroup container = container(id, "64M");
        container.write("memory.oom.group", "1");
        Process hog = container.hold("fork:2", "wait:3000", "grow:" + growthFile());
        KernelLab.eventually().until(() -> !hog.isAlive());
        KernelLab.eventually().until(() -> container.table("cgroup.events").get("populated") == 0);
        long kills = container.table("memory.events").get("oom_kill");
        assertThat(kills)
                .as("three processes, of which the kernel may count one twice")
                .isBetween(3L, 4L);
        expect(id, kills, "oom_incidents_total", 1);
    }

    private LabCgroup container(String id, String max) {
        LabCgroup container = pod.child("cri-containerd-" + id + ".scope");
        container.write("memory.max", max);
        return container;
    }

    /** Fills the container until the kernel kills, and removes the cgroup within milliseconds of it. */
    private void killAndRemove(LabCgroup container) {
        Process hog = container.hold("wait:1000", "grow:" + growthFile());
        try {
            assertThat(hog.waitFor()).isEqualTo(128 + 9);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        container.remove();
    }

    private static String growthFile() {
        try {
            java.nio.file.Path file = java.nio.file.Files.createTempFile("growth", "");
            java.nio.file.Files.write(file, new byte[4096]);
            return file.toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private double killsOf(String id) {
        return lab.scrape().find("oom_kills_total", id).orElse(0.0);
    }

    private void expect(String id, double kills, String family, double incidents) {
        KernelLab.eventually().untilAsserted(() -> {
            Scrape scrape = lab.scrape();
            assertThat(scrape.get("oom_kills_total", id)).isEqualTo(kills);
            assertThat(scrape.get(family, id)).isEqualTo(incidents);
        });
    }
}
