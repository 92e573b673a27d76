package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memspike.pod.ContainerName.Details;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.PodLists;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodListTest {
    private static final long MIB = 1 << 20;
    private static final byte[] NODE = Fixtures.bytes(Fixtures.dir("kubelet/node.json"));

    @Test
    void shouldNameTheContainersOfADaemonSetWithTheirPredecessors() throws Exception {
        ContainerName agent = new ContainerName(
                "kube-system",
                "node-agent-rz225",
                "agent",
                new Details("registry.example/agent:1.0", "DaemonSet", "node-agent", 100 * MIB, 100 * MIB));
        assertThat(node("1a")).isEqualTo(agent);
        assertThat(node("1b")).isEqualTo(agent);
    }

    @Test
    void shouldReportTheDeploymentOfAReplicaSet() throws Exception {
        assertThat(node("2a"))
                .isEqualTo(new ContainerName(
                        "shop",
                        "cart-57f4659995-6n2qq",
                        "cart",
                        new Details("registry.example/cart:v1.1.0", "Deployment", "cart", 102 * MIB, 1024 * MIB)));
        assertThat(node("2b").details())
                .isEqualTo(new Details("registry.example/sidecar:1.0", "Deployment", "cart", 30_000_000L, null));
    }

    @Test
    void shouldNameAContainerThatHasEnded() throws Exception {
        assertThat(node("3a"))
                .isEqualTo(new ContainerName(
                        "shop",
                        "short-lived",
                        "once",
                        new Details("registry.example/busybox:latest", null, null, null, null)));
    }

    @Test
    void shouldTakeAContainerIdFromStatusesOnly() throws Exception {
        assertThat(parse(NODE).containers()).containsOnlyKeys(id("1a"), id("1b"), id("2a"), id("2b"), id("3a"));
    }

    @Test
    void shouldKnowPodsWhoseContainersAreUnknown() throws Exception {
        assertThat(parse(NODE).podUids())
                .hasSize(6)
                .contains("00000004-1111-4222-8333-000000000004", "38d78cbd438e068d417c11c848b26f09");
    }

    @Test
    void shouldKnowAMirrorPodByTheHashOfItsManifestToo() throws Exception {
        assertThat(odd().podUids())
                .contains("0000000a-1111-4222-8333-00000000000a", "c2c00403c121c3e211de620f80a253c9");
        assertThat(odd("a1").pod()).isEqualTo("etcd-node-1");
    }

    @Test
    void shouldReadFieldsInAnyOrderAndContainersOfAllThreeKinds() throws Exception {
        ContainerName main = new ContainerName(
                "jobs",
                "nightly-29034-x7",
                "main",
                new Details("registry.example/main:1", "Job", "nightly-29034", 1_000_000_000L, 1_500_000_000L));
        assertThat(odd("b1")).isEqualTo(main);
        assertThat(odd("b2")).isEqualTo(main);
        assertThat(odd("b3").container()).isEqualTo("fetch");
        assertThat(odd("b3").details().memoryRequest()).isEqualTo(64 * MIB);
        assertThat(odd("b3").details().memoryLimit()).isEqualTo(128_974_848L);
        assertThat(odd("b4").container()).isEqualTo("debugger");
        assertThat(odd("b4").details().memoryLimit()).isNull();
    }

    @Test
    void shouldReportResourcesAsResizedInPlace() throws Exception {
        assertThat(odd("c1").details())
                .isEqualTo(new Details("postgres:17", "StatefulSet", "postgres", 2048 * MIB, 3072 * MIB));
    }

    @Test
    void shouldLeaveUnknownWhatIsNoQuantityAndTakeTheImageOfTheSpecification() throws Exception {
        Details details = new Details("crashing:1", "ReplicaSet", "not-of-a-deployment", null, null);
        assertThat(odd("d1").details()).isEqualTo(details);
        assertThat(odd("d2").details()).isEqualTo(details);
    }

    @Test
    void shouldTakeTheOwnerThatControlsAndSkipWhatIsNullOrNameless() throws Exception {
        assertThat(odd("e1").details()).isEqualTo(new Details("main:2", "Rollout", "this", null, null));
        assertThat(odd().containers())
                .hasSize(9)
                .doesNotContainKeys(id("e2"), id("f1"))
                .doesNotContainKey("12345");
        assertThat(odd().podUids()).doesNotContain("0000000f-1111-4222-8333-00000000000f");
    }

    @Test
    void shouldTakeALimitOfZeroForNone() throws Exception {
        String pod = """
                {"kind":"PodList","items":[{"metadata":{"namespace":"a","name":"b"},"status":{"containerStatuses":[{
                "name":"c","containerID":"%s","resources":{"limits":{"memory":0},"requests":{"memory":"0"}}}]}}]}""".formatted(id("00"));
        Details details = parse(pod).containers().get(id("00")).details();
        assertThat(details.memoryLimit()).isNull();
        assertThat(details.memoryRequest()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":null}",
                "{\"items\":[],\"kind\":\"PodList\"}",
                "{\"kind\":\"PodList\"}",
                "{\"kind\":\"PodList\",\"items\":[null,1,\"x\",[{}],{}]}",
                "{\"kind\":\"PodList\",\"items\":[{\"metadata\":[],\"spec\":3,\"status\":{\"containerStatuses\":{}}}]}"
            })
    void shouldBeEmptyWhereThereAreNoPods(String json) throws Exception {
        assertThat(parse(json)).isEqualTo(PodList.EMPTY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|empty",
                "`  `|empty",
                "404 page not found|JSON, but no object",
                "<html><body>no</body></html>|not JSON",
                "[]|JSON, but no object",
                "7|JSON, but no object",
                "null|JSON, but no object",
                "{}|JSON, but of another kind than PodList",
                "{\"kind\":\"Status\",\"status\":\"Failure\",\"code\":403}|JSON, but of another kind than PodList",
                "{\"kind\":[\"PodList\"],\"items\":[]}|JSON, but of another kind than PodList",
                "{\"kind\":\"PodList\",\"items\":{}}|its items are no array",
                "{\"kind\":\"PodList\",\"items\":[]}{}|something follows the list",
                "{\"kind\":\"PodList\",\"items\":[}|not JSON",
                "{\"kind\":\"PodList\",\"items\":[|cut off",
                "{\"kind\":\"PodL|cut off",
            })
    void shouldSayInOneLineWhatElseItIs(String json, String what) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(PodList.Malformed.class)
                .hasMessage(what);
    }

    @Test
    void shouldTakeNothingOfAListThatIsCutOffAnywhere() {
        for (int length = 0; length < NODE.length - 2; length++) {
            byte[] cut = Arrays.copyOf(NODE, length);
            assertThatThrownBy(() -> parse(cut)).as("%d bytes", length).isInstanceOf(PodList.Malformed.class);
        }
    }

    @Test
    void shouldRefuseWhatIsDeeperThanAListOfPodsCanBe() {
        String deep = "{\"kind\":\"PodList\",\"x\":" + "[".repeat(100_000);
        assertThatThrownBy(() -> parse(deep))
                .isInstanceOf(PodList.Malformed.class)
                .hasMessage("longer or deeper than a list of pods can be");
    }

    @Test
    void shouldReadNoMoreThan64MiB() {
        Endless endless = new Endless();
        assertThatThrownBy(() -> PodList.parse(endless))
                .isInstanceOf(PodList.Malformed.class)
                .hasMessage("longer or deeper than a list of pods can be");
        assertThat(endless.read).isBetween(64 * MIB, 65 * MIB);
    }

    @Test
    void shouldPassOnThatReadingFailed() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> PodList.parse(broken))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("connection reset");
    }

    @Test
    void shouldReadALargeNode() throws Exception {
        byte[] large = PodLists.large(1000);
        assertThat(large.length).isBetween(4_500_000, 5_500_000);
        PodList list = parse(large);
        assertThat(list.containers()).hasSize(1000);
        assertThat(list.podUids()).hasSize(500);
        assertThat(list.containers().get(PodLists.id(999)).container()).isEqualTo("c999");
    }

    /** A list that has no end: one pod's worth of blanks after another. */
    private static final class Endless extends InputStream {
        private static final byte[] START = "{\"kind\":\"PodList\",".getBytes(StandardCharsets.UTF_8);
        private long read;

        @Override
        public int read() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Arrays.fill(into, offset, offset + length, (byte) ' ');
            if (read == 0) {
                System.arraycopy(START, 0, into, offset, START.length);
            }
            read += length;
            return length;
        }
    }

    private static ContainerName node(String pair) throws Exception {
        return parse(NODE).containers().get(id(pair));
    }

    private static ContainerName odd(String pair) throws Exception {
        return odd().containers().get(id(pair));
    }

    private static PodList odd() throws Exception {
        return parse(Fixtures.bytes(Fixtures.dir("kubelet/odd.json")));
    }

    private static PodList parse(String json) throws Exception {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static PodList parse(byte[] json) throws Exception {
        return PodList.parse(new ByteArrayInputStream(json));
    }

    private static String id(String pair) {
        return pair.repeat(32);
    }
}
