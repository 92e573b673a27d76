package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DemoNodeTest {
    @Test
    void shouldKeepChangingWhenStarted() throws IOException {
        try (DemoNode node = DemoNode.start()) {
            CgroupFiles kubepods = new CgroupFiles(node.cgroupRoot().resolve("kubepods.slice"));
            long before = kubepods.number("memory.current");

            await().untilAsserted(
                            () -> assertThat(kubepods.number("memory.current")).isNotEqualTo(before));
            assertThat(demoThreads()).isEqualTo(1);
            assertThat(Files.readString(node.procRoot().resolve("meminfo"))).contains("SwapFree:");
        }
    }

    @Test
    void shouldDeleteEverythingAndEndItsThreadWhenClosed() throws IOException {
        DemoNode node = DemoNode.start();
        Path directory = Objects.requireNonNull(node.cgroupRoot().getParent());

        node.close();

        assertThat(directory).doesNotExist();
        assertThat(demoThreads()).isZero();
    }

    @Test
    void shouldDoNothingWhenClosedAgain() throws IOException {
        DemoNode node = DemoNode.start();
        node.close();

        node.close();

        assertThat(node.cgroupRoot()).doesNotExist();
    }

    @Test
    void shouldDeleteEverythingWhenClosedByAnInterruptedThread() throws IOException {
        DemoNode node = DemoNode.start();
        Thread.currentThread().interrupt();

        node.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(node.cgroupRoot()).doesNotExist();
    }

    @Test
    void shouldEndItsThreadWhenItsFilesAreDeletedByOthers() throws IOException {
        try (DemoNode node = DemoNode.start()) {
            Path directory = Objects.requireNonNull(node.cgroupRoot().getParent());
            Files.move(directory.resolve("cgroup"), directory.resolve("elsewhere"));

            await().untilAsserted(() -> assertThat(demoThreads()).isZero());
        }
    }

    private static long demoThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("memspike-demo"))
                .peek(thread -> assertThat(thread.isDaemon()).isTrue())
                .count();
    }
}
