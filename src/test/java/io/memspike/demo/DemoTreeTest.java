package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTreeTest {
    @TempDir
    private Path base;

    private DemoTree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = DemoTree.create(base);
    }

    @AfterEach
    void closeTree() throws IOException {
        tree.close();
    }

    @Test
    void shouldHaveTheKernelsFilesWhenMade() throws IOException {
        for (CgroupFiles cgroup : CgroupFiles.all(tree.cgroupRoot())) {
            boolean root = cgroup.directory().equals(tree.cgroupRoot());
            assertThat(cgroup.has("memory.stat")).isTrue();
            assertThat(cgroup.has("memory.pressure")).isTrue();
            assertThat(cgroup.has("cgroup.procs")).isTrue();
            for (String file : new String[] {
                "memory.current",
                "memory.max",
                "memory.high",
                "memory.peak",
                "memory.events",
                "memory.oom.group",
                "memory.swap.current",
                "memory.swap.max",
                "cgroup.events"
            }) {
                assertThat(cgroup.has(file)).as("%s in %s", file, cgroup).isNotEqualTo(root);
            }
        }
        assertThat(new CgroupFiles(tree.cgroupRoot()).text("cgroup.controllers"))
                .isEqualTo("cpuset cpu io memory hugetlb pids rdma misc\n");
        assertThat(Files.readString(tree.procRoot().resolve("meminfo")))
                .contains("MemTotal:       16777216 kB\n")
                .contains("SwapTotal:             0 kB\n");
    }

    @Test
    void shouldWriteEveryFileInTheKernelsFormatWhenTimeHasPassed() throws IOException {
        tree.step(45_000);

        for (CgroupFiles cgroup : CgroupFiles.all(tree.cgroupRoot())) {
            assertThat(cgroup.text("memory.stat")).matches("(?:[a-z_]+ [0-9]+\n){60}");
            String averages =
                    " avg10=[0-9]+\\.[0-9]{2} avg60=[0-9]+\\.[0-9]{2} avg300=[0-9]+\\.[0-9]{2} total=[0-9]+\n";
            assertThat(cgroup.text("memory.pressure")).matches("some" + averages + "full" + averages);
            if (cgroup.has("memory.current")) {
                assertThat(cgroup.text("memory.current")).matches("[0-9]+\n");
                assertThat(cgroup.text("memory.max")).matches("(?:[0-9]+|max)\n");
                assertThat(cgroup.keyed("memory.events"))
                        .containsOnlyKeys("low", "high", "max", "oom", "oom_kill", "oom_group_kill");
                assertThat(cgroup.text("cgroup.events")).isEqualTo("populated 1\nfrozen 0\n");
            }
        }
    }

    @Test
    void shouldHaveTheLinesOfARealKernelWhenMade() throws IOException {
        CgroupFiles real = new CgroupFiles(Path.of("test-fixtures", "stat", "6.12", "busy"));
        CgroupFiles simulated = CgroupFiles.burstablePod(tree.cgroupRoot(), "web");

        assertThat(simulated.keyed("memory.stat").keySet())
                .containsExactlyElementsOf(real.keyed("memory.stat").keySet());
        assertThat(simulated.keyed("memory.events").keySet())
                .containsExactlyElementsOf(real.keyed("memory.events").keySet());
    }

    @Test
    void shouldShowNewContentThroughTheSameFileWhenItIsHeldOpen() throws IOException {
        CgroupFiles pod = CgroupFiles.burstablePod(tree.cgroupRoot(), "scratch");
        Object before = Files.getAttribute(pod.directory().resolve("memory.current"), "fileKey");
        try (FileChannel held = FileChannel.open(pod.directory().resolve("memory.current"))) {
            for (int second = 1; second <= 60; second++) {
                tree.step(second * 1000L);

                ByteBuffer content = ByteBuffer.allocate(64);
                held.read(content, 0);
                assertThat(new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII))
                        .isEqualTo(pod.text("memory.current"))
                        .matches("[0-9]+\n");
            }
        }
        assertThat(Files.getAttribute(pod.directory().resolve("memory.current"), "fileKey"))
                .isEqualTo(before);
    }

    @Test
    void shouldWriteOnlyWhatChangedWhenAContainerIsIdle() throws IOException {
        Path stat =
                CgroupFiles.burstablePod(tree.cgroupRoot(), "idle").directory().resolve("memory.stat");
        tree.step(100);
        Object before = Files.getLastModifiedTime(stat);

        tree.step(30_000);

        assertThat(Files.getLastModifiedTime(stat)).isEqualTo(before);
    }

    @Test
    void shouldBeTheSameWhenRunAgainInOtherSteps() throws IOException {
        try (DemoTree other = DemoTree.create(base)) {
            tree.step(47_000);
            for (long at = 0; at <= 47_000; at += 70) {
                other.step(at);
            }
            other.step(47_000);

            assertThat(contents(other.cgroupRoot())).isEqualTo(contents(tree.cgroupRoot()));
        }
    }

    @Test
    void shouldFailWhenTheDirectoryHasVanished() throws IOException {
        tree.step(500);
        tree.close();

        assertThatThrownBy(() -> tree.step(2_000)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldSayWhatIsGoneWhenOthersDeleteTheFiles() throws IOException {
        Path cgroups = tree.cgroupRoot();
        Files.move(cgroups, base.resolve("elsewhere"));

        assertThatThrownBy(() -> tree.step(2_000))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(cgroups.toString());
    }

    @Test
    void shouldLeaveNothingWhenClosed() throws IOException {
        tree.step(1_000);

        tree.close();

        assertThat(base).isEmptyDirectory();
    }

    private static Map<String, String> contents(Path root) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (CgroupFiles cgroup : CgroupFiles.all(root)) {
            String name = root.relativize(cgroup.directory()).toString();
            contents.put(
                    name, cgroup.text("memory.stat") + cgroup.text("memory.pressure") + cgroup.text("cgroup.procs"));
            if (cgroup.has("memory.current")) {
                contents.merge(name, cgroup.text("memory.current") + cgroup.text("memory.events"), String::concat);
            }
        }
        return contents;
    }
}
