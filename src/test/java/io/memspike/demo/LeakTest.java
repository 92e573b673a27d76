package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of the container that leaks: at its limit, killed, removed, made again. */
class LeakTest {
    private static final long LONGEST_MILLIS = 90_000;

    @TempDir
    private Path base;

    private DemoTree tree;
    private CgroupFiles pod;
    private CgroupFiles container;
    private long now;

    @BeforeEach
    void makeTree() throws IOException {
        tree = DemoTree.create(base);
        pod = CgroupFiles.burstablePod(tree.cgroupRoot(), "leak");
        container = pod.container("leak/leak");
    }

    @AfterEach
    void closeTree() throws IOException {
        tree.close();
    }

    @Test
    void shouldCountTheKillWhereTheKernelDoesWhenThePodsLimitFires() throws IOException {
        stepUntilKilled();

        assertThat(pod.max() - pod.number("memory.current")).isLessThan(1024 * 1024);
        assertThat(container.stat("inactive_file") + container.stat("active_file"))
                .isLessThan(1024 * 1024);
        assertThat(pod.events("oom")).isEqualTo(1);
        assertThat(pod.events("max")).isPositive();
        assertThat(container.events("oom")).isZero();
        assertThat(container.events("max")).isZero();
        // Three processes with memory.oom.group: the first is counted twice.
        assertThat(container.events("oom_kill")).isEqualTo(4);
        for (Path above = container.directory(); !above.equals(tree.cgroupRoot()); above = above.getParent()) {
            assertThat(new CgroupFiles(above).events("oom_kill")).isEqualTo(4);
            assertThat(new CgroupFiles(above).events("oom_group_kill")).isEqualTo(1);
        }
        assertThat(pod.fullStalled()).isPositive();
    }

    @Test
    void shouldKeepThePodsEventsWhenTheContainersDirectoryIsGone() throws IOException {
        stepUntilKilled();

        step(40);
        assertThat(container.text("cgroup.events")).startsWith("populated 0\n");
        assertThat(container.text("cgroup.procs")).isEmpty();
        assertThat(container.number("memory.current")).isZero();
        step(20);

        assertThat(container.directory()).doesNotExist();
        assertThat(pod.events("oom_kill")).isEqualTo(4);
        assertThat(pod.number("memory.current")).isLessThan(1024 * 1024);
    }

    @Test
    void shouldMakeAnotherCgroupUnderTheSameNameWhenItRestarts() throws IOException {
        Object firstIdentity = Files.getAttribute(container.directory(), "fileKey");
        String firstProcesses = container.text("cgroup.procs");
        stepUntilKilled();
        step(60);
        step(1_980);
        assertThat(container.directory()).doesNotExist();

        step(40);

        assertThat(container.directory()).isDirectory();
        assertThat(Files.getAttribute(container.directory(), "fileKey")).isNotEqualTo(firstIdentity);
        assertThat(container.text("cgroup.procs")).isNotBlank().isNotEqualTo(firstProcesses);
        assertThat(container.events("oom_kill")).isZero();
        assertThat(container.number("memory.peak")).isLessThan(container.max() / 4);
        assertThat(pod.events("oom_kill")).isEqualTo(4);
    }

    @Test
    void shouldTouchTheParentsSubtreeControlWhenARestartedContainerIsComplete() throws IOException {
        Path control = pod.directory().resolve("cgroup.subtree_control");
        stepUntilKilled();
        step(60);
        Object before = Files.getLastModifiedTime(control);

        step(2_100);

        assertThat(container.has("memory.current")).isTrue();
        assertThat(Files.getLastModifiedTime(control)).isNotEqualTo(before);
        assertThat(Files.readString(control)).isEqualTo("cpu memory pids\n");
    }

    @Test
    void shouldBeKilledAboutOnceAMinuteWhenItGoesOn() throws IOException {
        stepUntilKilled();
        long first = now;
        step(60);

        while (pod.events("oom") < 2) {
            step(20);
            assertThat(now - first).isLessThan(LONGEST_MILLIS);
        }

        assertThat(now - first).isBetween(50_000L, 70_000L);
    }

    private void stepUntilKilled() throws IOException {
        while (pod.events("oom_kill") == 0) {
            step(20);
            assertThat(now).isLessThan(LONGEST_MILLIS);
        }
    }

    private void step(long millis) throws IOException {
        now += millis;
        tree.step(now);
    }
}
