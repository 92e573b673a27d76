package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupRootTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @ValueSource(strings = {"memory\n", "cpuset cpu io memory hugetlb pids rdma misc\n", "cpu memory", "memory \n"})
    void shouldBeSuitableWhenTheMemoryControllerIsThere(String controllers) throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), controllers);
        assertThat(CgroupRoot.whyUnsuitable(root)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"k8s-systemd-6.12", "k8s-cgroupfs-6.1"})
    void shouldBeSuitableWhenItIsACapturedNode(String host) {
        assertThat(CgroupRoot.whyUnsuitable(Fixtures.dir("host/" + host + "/cgroup")))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "cpu io pids\n", "memory2\n", "xmemory\n"})
    void shouldSayThatTheControllerIsMissingWhenV2HasNone(String controllers) throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), controllers);
        assertThat(CgroupRoot.whyUnsuitable(root))
                .startsWith(root.toString())
                .contains("cgroup v2 without the memory controller")
                .doesNotContain("\n");
    }

    @Test
    void shouldSayHybridWhenV2IsMountedBelowV1() throws IOException {
        Files.createDirectories(root.resolve("unified"));
        Files.createDirectories(root.resolve("memory"));
        Files.writeString(root.resolve("unified/cgroup.controllers"), "\n");
        assertThat(CgroupRoot.whyUnsuitable(root)).contains("hybrid of cgroup v1 and v2");
    }

    @Test
    void shouldSayV1WhenEachControllerHasADirectory() throws IOException {
        Files.createDirectories(root.resolve("memory"));
        assertThat(CgroupRoot.whyUnsuitable(root)).isEqualTo(root + " is cgroup v1");
    }

    @Test
    void shouldSayThatItIsNoCgroupFileSystemWhenThereIsNothing() {
        assertThat(CgroupRoot.whyUnsuitable(root)).contains("is no cgroup v2 file system");
        assertThat(CgroupRoot.whyUnsuitable(root.resolve("none"))).contains("is no cgroup v2 file system");
    }
}
