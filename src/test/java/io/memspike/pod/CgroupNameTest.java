package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.pod.CgroupName.Kind;
import io.memspike.testkit.Fixtures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupNameTest {
    private static final String ID = "622b95222ff8a4a9f82a4ee0ede05c3401b56ac6894c8e562510c0aac3485ce2";
    private static final String NODE = "ea85f14a86c83cf7eb5319083202520e8d684e2eea71a6243ee87e05a395862f";
    private static final String UID = "d0970148-dac4-5119-a876-c5f706dbcae4";
    private static final String STATIC = "c2c00403c121c3e211de620f80a253c9";
    private static final String KUBE = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod";
    private static final String POD = KUBE + UID.replace('-', '_') + ".slice";
    private static final String BEST =
            "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" + UID.replace('-', '_') + ".slice";
    private static final String KIND = "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice"
            + "/kubelet-kubepods-burstable-pod" + UID.replace('-', '_') + ".slice";

    static Stream<Arguments> forms() {
        return Stream.of(
                pod(POD, UID, "burstable"),
                pod(BEST, UID, "besteffort"),
                pod("/kubepods.slice/kubepods-pod" + UID.replace('-', '_') + ".slice", UID, "guaranteed"),
                pod("/kubepods/pod" + UID, UID, "guaranteed"),
                pod("/kubepods/burstable/pod" + UID, UID, "burstable"),
                pod("/kubepods/besteffort/pod" + STATIC, STATIC, "besteffort"),
                pod(KUBE + STATIC + ".slice", STATIC, "burstable"),
                pod(KIND, UID, "burstable"),
                pod("/system.slice/docker-" + NODE + ".scope" + KIND, UID, "burstable"),
                pod("/docker/" + NODE + "/kubelet/kubepods/burstable/pod" + UID, UID, "burstable"),
                container(POD + "/cri-containerd-" + ID + ".scope", UID, "burstable"),
                container(POD + "/crio-" + ID + ".scope", UID, "burstable"),
                container(BEST + "/docker-" + ID + ".scope", UID, "besteffort"),
                container(KUBE + STATIC + ".slice/cri-containerd-" + ID + ".scope", STATIC, "burstable"),
                container("/kubepods/pod" + UID + "/" + ID, UID, "guaranteed"),
                container("/kubepods/burstable/pod" + UID + "/crio-" + ID, UID, "burstable"),
                container(POD + ":cri-containerd:" + ID, UID, "burstable"),
                container("/system.slice/containerd.service" + POD + ":cri-containerd:" + ID, UID, "burstable"),
                container(KIND + "/cri-containerd-" + ID + ".scope", UID, "burstable"),
                container(
                        "/system.slice/docker-" + NODE + ".scope" + KIND + "/cri-containerd-" + ID + ".scope",
                        UID,
                        "burstable"),
                container("/system.slice/docker-" + ID + ".scope", null, null),
                container("/docker/" + ID, null, null),
                container("/machine.slice/libpod-" + ID + ".scope", null, null),
                container(
                        "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" + ID + ".scope", null, null),
                inside(POD + "/crio-" + ID + ".scope/container", UID, "burstable"),
                inside(POD + "/crio-" + ID + ".scope/container/init", UID, "burstable"),
                inside(POD + "/crio-" + ID + ".scope/" + NODE, UID, "burstable"),
                inside("/machine.slice/libpod-" + ID + ".scope/container", null, null),
                inside("/system.slice/docker-" + ID + ".scope/kubelet.slice", null, null),
                of(POD + "/crio-conmon-" + ID + ".scope", Kind.HELPER, UID, null, "burstable"),
                of("/kubepods/burstable/pod" + UID + "/crio-conmon-" + ID, Kind.HELPER, UID, null, "burstable"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shouldKnowWhoseItIsWhenARuntimeMadeThePath(String path, CgroupName expected) {
        assertThat(CgroupName.of(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "/init.scope",
                "/system.slice/sshd.service",
                "/system.slice/system-getty.slice/getty@tty1.service",
                "/user.slice/user-1000.slice/user@1000.service/app.slice/agent.service",
                "/kubepods.slice",
                "/kubepods.slice/kubepods-burstable.slice",
                "/kubepods/besteffort",
                "/machine.slice/machine-qemu\\x2d1.scope",
                "/system.slice/podman.service",
                "/kubepods/burstable/pod1234",
                "/kubepods/burstable/podd0970148-dac4_5119-a876",
                "/docker/622b95222ff8",
                "/docker/622B95222FF8A4A9F82A4EE0EDE05C3401B56AC6894C8E562510C0AAC3485CE2",
                "/docker/622b95222ff8a4a9f82a4ee0ede05c3401b56ac6894c8e562510c0aac3485ce2f",
                "/a b/\"quoted\"/back\\slash/new\nline",
                "/\u4e2d\u6587/\ud83d\udc33"
            })
    void shouldBeOtherWhenNoRuntimeMadeThePath(String path) {
        assertThat(CgroupName.of(path)).isEqualTo(new CgroupName(Kind.OTHER, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"k8s-systemd-6.12", "k8s-cgroupfs-6.1"})
    void shouldAgreeWithTheTruthWhenANodeWasCaptured(String host) {
        List<String> lines = List.of(
                Fixtures.text(Fixtures.dir("host/" + host + "/truth.tsv")).split("\n", -1));
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] columns = line.split("\t", -1);
            CgroupName name = CgroupName.of("/" + columns[0]);
            assertThat(name.kind()).as(line).isEqualTo(kindOf(columns[1]));
            if (name.kind() == Kind.POD) {
                assertThat(name.qos()).as(line).isEqualTo(columns[3]);
            }
        }
    }

    private static Kind kindOf(String role) {
        return switch (role) {
            case "pod" -> Kind.POD;
            case "pause", "container", "docker" -> Kind.CONTAINER;
            case "container-processes" -> Kind.INSIDE_CONTAINER;
            case "conmon" -> Kind.HELPER;
            default -> Kind.OTHER;
        };
    }

    private static Arguments pod(String path, String uid, String qos) {
        return of(path, Kind.POD, uid, null, qos);
    }

    private static Arguments container(String path, String uid, String qos) {
        return of(path, Kind.CONTAINER, uid, ID, qos);
    }

    private static Arguments inside(String path, String uid, String qos) {
        return of(path, Kind.INSIDE_CONTAINER, uid, ID, qos);
    }

    private static Arguments of(String path, Kind kind, String uid, String id, String qos) {
        return Arguments.of(path, new CgroupName(kind, uid, id, qos));
    }
}
