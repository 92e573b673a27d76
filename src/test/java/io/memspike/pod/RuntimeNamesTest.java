package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeNamesTest {
    private static final String ID = "ea85f14a86c83cf7eb5319083202520e8d684e2eea71a6243ee87e05a395862f";
    private static final CgroupName DOCKER = CgroupName.of("/system.slice/docker-" + ID + ".scope");
    private static final CgroupName PODMAN = CgroupName.of("/machine.slice/libpod-" + ID + ".scope");

    @TempDir
    Path top;

    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void shouldKnowDockersNames() throws IOException {
        docker("{\"StreamConfig\":{},\"State\":{\"Name\":\"no\",\"Pid\":1},\"ID\":\"" + ID
                + "\",\"Config\":{\"Env\":[\"Name=secret\"]},\"Name\":\"/web-1\",\"Driver\":\"overlay2\"}");
        RuntimeNames names = started(RuntimeNames.ofDocker(top, this::failed));
        await().until(() -> names.find(DOCKER) != null);
        assertThat(names.find(DOCKER)).isEqualTo(new ContainerName("", "", "web-1"));
        assertThat(names.find(CgroupName.of("/system.slice/sshd.service"))).isNull();
        assertThat(names.isWorking()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldKnowPodmansNames() throws IOException {
        Files.writeString(
                top.resolve("containers.json"),
                "[{\"id\":\"00\",\"names\":[\"other\",\"alias\"],\"flags\":{\"a\":[1,{}]}},{\"names\":[\"db\"],\"id\":\""
                        + ID + "\",\"created\":\"2026\"},{\"id\":\"11\",\"names\":[]}]");
        RuntimeNames names = started(RuntimeNames.ofPodman(top, this::failed));
        await().until(() -> names.find(PODMAN) != null);
        assertThat(names.find(PODMAN)).isEqualTo(new ContainerName("", "", "db"));
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldLookAgainWhenANameIsWanted() throws IOException {
        RuntimeNames names = started(RuntimeNames.ofDocker(top, this::failed));
        await().until(names::isWorking);
        long before = names.version();
        docker("{\"Name\":\"/late\"}");
        names.wanted();
        await().atMost(Duration.ofSeconds(5)).until(() -> names.find(DOCKER) != null);
        assertThat(names.version()).isGreaterThan(before);
    }

    @Test
    void shouldKeepWhatItKnowsAndCountTheFailureWhenAFileIsNoJson() throws IOException {
        docker("{\"Name\":\"/web-1\"}");
        RuntimeNames names = started(RuntimeNames.ofDocker(top, this::failed));
        await().until(() -> names.find(DOCKER) != null);
        docker("{\"Name\":\"/we");
        names.wanted();
        await().atMost(Duration.ofSeconds(5)).until(() -> !failures.isEmpty());
        assertThat(failures.get(0)).startsWith("docker FAILED " + top);
        assertThat(names.find(DOCKER)).isNotNull();
        assertThat(names.isWorking()).isFalse();
    }

    @Test
    void shouldPassOverAContainerThatIsBeingMade() throws IOException {
        Files.createDirectory(top.resolve("%064x".formatted(1)));
        docker("{\"Name\":\"/web-1\"}");
        RuntimeNames names = started(RuntimeNames.ofDocker(top, this::failed));
        await().until(() -> names.find(DOCKER) != null);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldBeUnavailableWhereTheRuntimeIsNot() {
        RuntimeNames names = started(RuntimeNames.ofDocker(top.resolve("none"), this::failed));
        assertThat(names.isAvailable()).isFalse();
        assertThat(names.isWorking()).isFalse();
        assertThat(failures).isEmpty();
    }

    private void docker(String config) throws IOException {
        Path directory = Files.createDirectories(top.resolve(ID));
        Path whole = Files.writeString(top.resolve(ID + ".new"), config);
        Files.move(whole, directory.resolve("config.v2.json"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static RuntimeNames started(RuntimeNames names) {
        names.start();
        return names;
    }

    private void failed(String source, io.memspike.linux.Outcome outcome, java.util.function.Supplier<String> what) {
        failures.add(source + " " + outcome + " " + what.get());
    }
}
