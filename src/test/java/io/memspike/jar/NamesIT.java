package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.testkit.KubeletStandIn;
import io.memspike.testkit.KubeletStandIn.Behaviour;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names by the kubelet (a stand-in, over TLS) and by its links, as they come out on /metrics. */
final class NamesIT {
    private static final String CURRENT = "memspike_memory_current_bytes";
    private static final String ORDERS = "ec7c5da2990c158dcde66d10639f8f26e909aed6a94dc4a1309d6be980ffcc0c";
    private static final String ORDERS_UID = "ae015588-59b7-5c1e-9cc4-c3e253302e20";
    private static final String ORDERS_POD = "/kubepods.slice/kubepods-podae015588_59b7_5c1e_9cc4_c3e253302e20.slice";
    private static final String NEXT = "ab".repeat(32);

    @TempDir
    Path dir;

    private KubeletStandIn kubelet;

    @BeforeEach
    void start() {
        kubelet = KubeletStandIn.start(dir);
        kubelet.serve(podList(ORDERS));
    }

    @AfterEach
    void end() {
        kubelet.close();
    }

    @Test
    void shouldTakeNamesAndDetailsFromTheKubelet() {
        try (ShippedJar jar = ShippedJar.on(Node.K8S, options()).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has(CURRENT, "shop", "orders-0", "orders-by-kubelet"));
            assertThat(jar.scrape().series("memspike_container_info", "orders-by-kubelet"))
                    .singleElement()
                    .asString()
                    .contains(
                            "uid=\"" + ORDERS_UID + "\"",
                            "container_id=\"" + ORDERS + "\"",
                            "image=\"registry.example/orders:7\"",
                            "owner_kind=\"StatefulSet\"",
                            "owner_name=\"orders\"",
                            "memory_request_bytes=\"67108864\"",
                            "memory_limit_bytes=\"134217728\"");
            assertThat(jar.scrape().has(CURRENT, "etcd-node1"))
                    .as("the links know the others")
                    .isTrue();
            assertThat(jar.scrape().value("memspike_feature_enabled", "kubelet"))
                    .isEqualTo(1);
            assertThat(jar.errorLines()).noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    void shouldAskTheKubeletAgainWhenAContainerAppears() throws IOException {
        Node node = Node.copy(Node.K8S, dir.resolve("node"));
        try (ShippedJar jar = ShippedJar.on(node.path(), options()).ready()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has(CURRENT, "orders-by-kubelet"));
            double peak = jar.scrape().value("memspike_memory_current_peak_bytes", "orders-by-kubelet");
            node.remove(ORDERS_POD + "/cri-containerd-" + ORDERS + ".scope");
            await().atMost(ShippedJar.PATIENCE).until(() -> !jar.scrape().has(CURRENT, "orders-by-kubelet"));
            kubelet.serve(podList(NEXT));
            node.make("/system.slice/sshd.service", ORDERS_POD + "/cri-containerd-" + NEXT + ".scope");
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has(CURRENT, "orders-by-kubelet"));
            assertThat(jar.scrape().value("memspike_memory_current_peak_bytes", "orders-by-kubelet"))
                    .as("of the life before")
                    .isEqualTo(peak);
            assertThat(jar.scrape().series("memspike_container_info", "orders-by-kubelet"))
                    .singleElement()
                    .asString()
                    .contains(NEXT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UNAUTHORIZED, denied",
        "FORBIDDEN, denied",
        "FAILS, failed",
        "REDIRECTS, failed",
        "GARBAGE, malformed",
        "CUT_OFF, malformed",
        "DRIBBLES, failed",
        "HANGS_BEFORE_TLS, failed"
    })
    void shouldTakeNamesFromTheLinksWhenTheKubeletFails(Behaviour behaviour, String outcome) {
        kubelet.setBehaviour(behaviour);
        try (ShippedJar jar = ShippedJar.on(Node.K8S, options()).ready()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has(CURRENT, "shop", "orders-0", "orders"));
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has("memspike_source_errors_total", "kubelet", outcome));
            Scrape scrape = jar.scrape();
            assertThat(scrape.value("memspike_feature_enabled", "kubelet")).isZero();
            assertThat(scrape.value("memspike_feature_enabled", "container_logs"))
                    .isEqualTo(1);
            await().atMost(ShippedJar.PATIENCE)
                    .until(() ->
                            jar.scrape().value("memspike_ticks_total") > scrape.value("memspike_ticks_total") + 20);
            assertThat(jar.scrape().value("memspike_unresolved_containers")).isZero();
            assertThat(jar.errorLines().stream().filter(line -> line.contains("WARN")))
                    .singleElement()
                    .asString()
                    .contains("kubelet " + outcome);
        }
    }

    @Test
    void shouldLeaveOutNamespacesAndPodsByPattern() {
        try (ShippedJar jar = ShippedJar.on(
                        Node.K8S,
                        "--namespace.include=shop|jobs",
                        "--pod.exclude=web-.*",
                        "--names.sources=container_logs")
                .ready()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has(CURRENT, "orders-0"));
            assertThat(jar.scrape().labels("memspike_container_info", "pod"))
                    .containsExactlyInAnyOrder("", "orders-0", "batch-29213-k7k2m");
        }
    }

    private String[] options() {
        return List.of(
                        "--kubelet.url=" + kubelet.uri(),
                        "--kubelet.ca-file=" + kubelet.caFile(),
                        "--kubelet.token-file=" + kubelet.tokenFile())
                .toArray(String[]::new);
    }

    private static byte[] podList(String id) {
        return """
                {"kind": "PodList", "apiVersion": "v1", "items": [{
                 "metadata": {"name": "orders-0", "namespace": "shop", "uid": "%s",
                  "ownerReferences": [{"kind": "StatefulSet", "name": "orders", "controller": true}]},
                 "spec": {"containers": [{"name": "orders-by-kubelet", "image": "registry.example/orders:7",
                  "resources": {"requests": {"memory": "64Mi"}, "limits": {"memory": "128Mi"}}}]},
                 "status": {"containerStatuses": [{"name": "orders-by-kubelet",
                  "image": "registry.example/orders:7", "containerID": "containerd://%s"}]}}]}
                """.formatted(ORDERS_UID, id).getBytes(StandardCharsets.UTF_8);
    }
}
