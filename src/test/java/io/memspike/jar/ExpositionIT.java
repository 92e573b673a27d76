package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which text a scraper gets, and that others can read it. */
final class ExpositionIT {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static ShippedJar jar;

    @BeforeAll
    static void start() {
        jar = ShippedJar.on(Node.K8S, "--web.gzip").ready();
        await().atMost(ShippedJar.PATIENCE)
                .until(() -> jar.scrape()
                                .series("memspike_pressure_stalled_peak_ratio")
                                .size()
                        == 12);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Prometheus 2.40 to 2.55, and 3.x.
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "application/openmetrics-text",
                "application/openmetrics-text; version=1.0.0; charset=utf-8",
                "application/openmetrics-text; version=\"1.0.0\"",
                "text/plain;q=0.2, application/openmetrics-text;q=0.9",
                "application/openmetrics-text, text/plain;q=0"
            })
    void shouldAnswerOpenMetricsWhenItIsLikedBest(String accept) {
        HttpResponse<String> response = jar.get("/metrics", "Accept", accept);
        assertThat(response.headers().allValues("Content-Type")).containsExactly(OPENMETRICS);
        assertThat(response.body()).endsWith("\n# EOF\n").containsOnlyOnce("# EOF");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/*",
                "text/plain",
                "text/plain;version=0.0.4",
                "text/plain;version=0.0.4;q=1, application/openmetrics-text;version=1.0.0;q=0.5",
                "application/openmetrics-text;q=0",
                "application/openmetrics-text;version=1.0.0;q=0, */*",
                "application/openmetrics-text;version=0.0.1",
                "application/openmetrics-text;version=2.0.0,text/plain;q=0.1",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "nonsense",
                ";;;q=,,"
            })
    void shouldAnswerInTheOldFormatWhenOpenMetricsIsNotAskedFor(String accept) {
        HttpResponse<String> response = accept.isEmpty() ? jar.get("/metrics") : jar.get("/metrics", "Accept", accept);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().allValues("Content-Type")).containsExactly(TEXT);
        assertThat(response.body()).endsWith("\n").doesNotContain("# EOF", "# UNIT");
    }

    @Test
    void shouldSatisfyPromtoolWhenItIsTheOldFormat() throws IOException, InterruptedException {
        Grammar.assertLints(jar.get("/metrics").body());
    }

    @Test
    void shouldBeReadByAnIndependentParserInBothFormats() throws IOException, InterruptedException {
        Grammar.assertParses("text", jar.get("/metrics").body());
        Grammar.assertParses(
                "openmetrics",
                jar.get("/metrics", "Accept", "application/openmetrics-text").body());
    }

    @Test
    void shouldSayTheSameInBothFormats() {
        Scrape text = jar.scrape();
        Scrape openMetrics = Scrape.of(
                jar.get("/metrics", "Accept", "application/openmetrics-text").body());
        assertThat(openMetrics.samples().keySet()).isEqualTo(text.samples().keySet());
        for (String series : text.series("memspike_memory_current_bytes")) {
            assertThat(openMetrics.samples().get(series))
                    .isEqualTo(text.samples().get(series));
        }
    }

    @Test
    void shouldCompressOnlyWhenAskedByTheOptionAndByTheScraper() throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + jar.port() + "/metrics"));
        HttpResponse<byte[]> zipped =
                client.send(request.header("Accept-Encoding", "gzip").build(), BodyHandlers.ofByteArray());
        assertThat(zipped.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(zipped.headers().firstValue("Content-Type")).contains(TEXT);
        assertThat(zipped.body().length).isLessThan(20_000);
        String text = new String(
                new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(Scrape.of(text).shape()).isEqualTo(jar.scrape().shape());
        assertThat(jar.get("/metrics").headers().firstValue("Content-Encoding")).isEmpty();

        try (ShippedJar plain = ShippedJar.on(Node.SMALL).ready()) {
            assertThat(plain.get("/metrics", "Accept-Encoding", "gzip")
                            .headers()
                            .firstValue("Content-Encoding"))
                    .isEmpty();
        }
    }

    @Test
    void shouldLeaveFamiliesOutWhenTheyAreExcluded() throws IOException, InterruptedException {
        String pattern = "jvm_.*|process_.*|memspike_memory_anon_risk(_peak)?_bytes|memspike_container_info"
                + "|memspike_oom_kills_total|memspike_tick_seconds|memspike_memory";
        try (ShippedJar excluding =
                ShippedJar.on(Node.K8S, "--metrics.exclude=" + pattern).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> excluding
                                    .scrape()
                                    .series("memspike_pressure_stalled_peak_ratio")
                                    .size()
                            == 12);
            for (String accept : new String[] {"text/plain", "application/openmetrics-text"}) {
                String body = excluding.get("/metrics", "Accept", accept).body();
                String text = body.replaceAll("(?m)^# HELP .*\n", "");
                assertThat(text)
                        .doesNotContain("jvm_", "process_", "anon_risk", "container_info", "oom_kills", "tick_seconds")
                        .contains(
                                "memspike_oom_incidents_total{",
                                "memspike_memory_current_bytes{",
                                "memspike_build_info");
            }
            Grammar.assertLints(excluding.get("/metrics").body());
            Grammar.assertParses(
                    "openmetrics",
                    excluding
                            .get("/metrics", "Accept", "application/openmetrics-text")
                            .body());
        }
    }

    @Test
    void shouldNameItsOwnProcessAndJvmAsEveryoneDoes() {
        assertThat(jar.scrape().families())
                .contains(
                        "process_cpu_seconds_total",
                        "process_resident_memory_bytes",
                        "process_open_fds",
                        "process_start_time_seconds",
                        "jvm_info",
                        "jvm_gc_collection_seconds",
                        "jvm_memory_bytes_used",
                        "jvm_threads_current");
    }
}
