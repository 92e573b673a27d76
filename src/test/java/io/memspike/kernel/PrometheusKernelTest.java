package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole, as it is used: a burst on a real kernel, a real Prometheus that scrapes every 15 s, and a query. */
@Tag("kernel")
class PrometheusKernelTest {
    private static final long MIB = 1 << 20;
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[0-9.]+,\"([0-9.e+]+)\"]");

    private final KernelLab lab = KernelLab.running();
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldShowABurstBetweenTwoScrapesInAQuery(@TempDir Path dir) throws Exception {
        int port = KernelLab.freePort();
        Process prometheus = start(dir, port);
        LabCgroup slice = LabCgroup.slice("queried.slice");
        try {
            String series = "{container=\"" + slice.name() + "/bursting.service\"}";
            String scrapes = "count_over_time(memspike_memory_current_bytes" + series + "[10m])";
            LabCgroup service = slice.child("bursting.service");
            service.hold("anon:5");
            await().until(() -> query(port, scrapes) > 0);
            // Right after a scrape, so that the burst is long over at the next.
            double first = query(port, scrapes);
            await().until(() -> query(port, scrapes) > first);
            service.hold("burst:100:150");
            await().until(() ->
                    service.number("memory.peak") > 100 * MIB && service.number("memory.current") < 10 * MIB);
            double before = query(port, scrapes);
            await().until(() -> query(port, scrapes) >= before + 2);
            assertThat(query(port, "max_over_time(memspike_memory_unreclaimable_peak_bytes" + series + "[10m])"))
                    .isBetween(100.0 * MIB, 112.0 * MIB);
            assertThat(query(port, "max_over_time(memspike_memory_current_bytes" + series + "[10m])"))
                    .as("what a gauge without a window shows: the scrapes fell beside the burst")
                    .isLessThan(20.0 * MIB);
            assertThat(query(port, "up{job=\"memspike\"}")).isEqualTo(1);
        } finally {
            prometheus.destroy();
            slice.close();
        }
    }

    private Process start(Path dir, int port) throws IOException {
        Path config = dir.resolve("prometheus.yml");
        Files.writeString(config, """
                global: { scrape_interval: 15s }
                scrape_configs:
                  - job_name: memspike
                    static_configs: [{ targets: ["127.0.0.1:%d"] }]
                """.formatted(lab.port()));
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + dir.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        await().until(() -> isReady(port));
        return process;
    }

    private static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(500)).atMost(Duration.ofSeconds(180));
    }

    private boolean isReady(int port) throws InterruptedException {
        try {
            return get(port, "/-/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The value of a query that has one series; 0 while there is none. */
    private double query(int port, String promql) throws IOException, InterruptedException {
        String answer = get(port, "/api/v1/query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8))
                .body();
        Matcher value = VALUE.matcher(answer);
        return value.find() ? Double.parseDouble(value.group(1)) : 0;
    }

    private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
