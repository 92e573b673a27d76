package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.testkit.Allocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerLogsTest {
    private static final String UID = "d0970148-dac4-5119-a876-c5f706dbcae4";
    private static final String ID = "%064x".formatted(1);
    private static final CgroupName CGROUP = cgroup(UID, ID);

    @TempDir
    Path top;

    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void shouldKnowTheLinksThatAreThere() throws IOException {
        link(top, "web_shop_app-" + ID, "shop_web_" + UID + "/app");
        ContainerLogs logs = started(top);
        await().until(() -> logs.find(CGROUP) != null);
        assertThat(logs.find(CGROUP)).isEqualTo(new ContainerName("shop", "web", "app"));
        assertThat(logs.knowsPod(UID)).isTrue();
        assertThat(logs.knowsPod("another")).isFalse();
        assertThat(logs.isWorking()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldHearOfALinkThatIsMadeAndForgetItWhenItIsRemoved() throws IOException {
        ContainerLogs logs = started(top);
        await().until(logs::isWorking);
        long before = logs.version();
        Path link = link(top, "web_shop_app-" + ID, "shop_web_" + UID + "/app");
        await().until(() -> logs.find(CGROUP) != null);
        assertThat(logs.version()).isGreaterThan(before);
        Files.delete(link);
        await().until(() -> logs.find(CGROUP) == null && !logs.knowsPod(UID));
    }

    @Test
    void shouldKeepThePodWhileItHasAnotherContainer() throws IOException {
        Path first = link(top, "web_shop_app-" + ID, "shop_web_" + UID + "/app");
        link(top, "web_shop_proxy-" + "%064x".formatted(2), "shop_web_" + UID + "/proxy");
        ContainerLogs logs = started(top);
        await().until(() -> logs.find(CGROUP) != null);
        Files.delete(first);
        await().until(() -> logs.find(CGROUP) == null);
        assertThat(logs.knowsPod(UID)).isTrue();
    }

    @Test
    void shouldFindAContainerByThePartOfItsIdThatIsLeftAndItsPod() throws IOException {
        String pod = "p".repeat(190);
        String id = "feedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedfacefeedface";
        link(top, (pod + "_shop_app-" + id).substring(0, 251), "shop_" + pod + "_" + UID + "/app");
        ContainerLogs logs = started(top);
        await().until(() -> logs.knowsPod(UID));
        assertThat(logs.find(cgroup(UID, id))).isEqualTo(new ContainerName("shop", pod, "app"));
        assertThat(logs.find(cgroup(UID, ID)))
                .as("another container of the pod")
                .isNull();
        assertThat(logs.find(cgroup("11111111-dac4-5119-a876-c5f706dbcae4", id)))
                .as("another pod")
                .isNull();
    }

    @Test
    void shouldBeginWhenTheDirectoryIsMadeLater() throws IOException {
        Path directory = top.resolve("containers");
        ContainerLogs logs = started(directory);
        assertThat(logs.isAvailable()).isFalse();
        assertThat(logs.isWorking()).isFalse();
        link(Files.createDirectory(directory), "web_shop_app-" + ID, "shop_web_" + UID + "/app");
        logs.wanted();
        await().until(() -> logs.find(CGROUP) != null);
        assertThat(logs.isAvailable()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldAnswerWithoutAnAllocation() throws IOException {
        link(top, "web_shop_app-" + ID, "shop_web_" + UID + "/app");
        ContainerLogs logs = started(top);
        await().until(() -> logs.find(CGROUP) != null);
        CgroupName unknown = cgroup(UID, "%064x".formatted(9));
        assertThat(Allocations.of(20_000, () -> {
                    logs.find(CGROUP);
                    logs.find(unknown);
                    logs.wanted();
                    logs.version();
                }))
                .isZero();
    }

    private ContainerLogs started(Path directory) {
        ContainerLogs logs = new ContainerLogs(
                directory, (source, outcome, what) -> failures.add(source + " " + outcome + " " + what.get()));
        logs.start();
        return logs;
    }

    private static Path link(Path directory, String name, String target) throws IOException {
        return Files.createSymbolicLink(
                directory.resolve(name + ".log"), Path.of("/var/log/pods/" + target + "/0.log"));
    }

    private static CgroupName cgroup(String uid, String id) {
        return CgroupName.of("/kubepods/burstable/pod" + uid + "/" + id);
    }
}
