package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several scrapers: none spoils another's answer, or waits for it. */
final class ScrapersIT {
    private static final String OPENMETRICS = "application/openmetrics-text";
    private static final int MOST_SCRAPES = 16;

    @TempDir
    Path temp;

    @Test
    void shouldAnswerAllTheSameOrSayWhenToComeBackWhenTwentyScrapeAtOnce()
            throws InterruptedException, ExecutionException {
        try (ShippedJar jar = ShippedJar.on(Node.K8S).ready()) {
            awaitSettled(jar);
            String text = Scrape.of(jar.get("/metrics").body()).shape();
            String open =
                    Scrape.of(jar.get("/metrics", "Accept", OPENMETRICS).body()).shape();
            int complete = 0;
            for (int round = 0; round < 5; round++) {
                List<HttpResponse<String>> answers = atOnce(
                        20, number -> jar.get("/metrics", "Accept", number % 2 == 0 ? "text/plain" : OPENMETRICS));
                for (int i = 0; i < answers.size(); i++) {
                    HttpResponse<String> answer = answers.get(i);
                    if (answer.statusCode() == 503) {
                        assertThat(answer.headers().firstValue("Retry-After")).contains("1");
                        continue;
                    }
                    assertThat(Scrape.of(answer.body()).shape()).isEqualTo(i % 2 == 0 ? text : open);
                    complete++;
                }
            }
            assertThat(complete).isGreaterThanOrEqualTo(5 * MOST_SCRAPES);
            assertThat(jar.errorLines()).hasSize(1);
        }
    }

    @Test
    void shouldShowEveryScraperTheSamePeakWhenOthersHaveScrapedBetween() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            awaitCurrent(jar, 31637504);
            node.write(Node.ODD, "memory.current", "90000384\n");
            awaitCurrent(jar, 90000384);
            node.write(Node.ODD, "memory.current", "31637504\n");
            awaitCurrent(jar, 31637504);
            for (int scraper = 0; scraper < 5; scraper++) {
                Scrape scrape = jar.scrape();
                assertThat(scrape.value("memspike_memory_current_bytes", Node.ODD))
                        .isEqualTo(31637504);
                assertThat(scrape.value("memspike_memory_current_peak_bytes", Node.ODD))
                        .isEqualTo(90000384);
                assertThat(scrape.value("memspike_memory_headroom_low_bytes", Node.ODD))
                        .isEqualTo(134217728 - 90000384);
            }
        }
    }

    /** Answers of 8 MB, far beyond what the sockets' buffers take: by names of 3,000 bytes. */
    @Test
    void shouldServeOthersAndForgetTheSlowWhenReadersStandStill() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        String deep = "/system.slice" + ("/" + "d".repeat(250)).repeat(12);
        for (int i = 0; i < 100; i++) {
            node.make(Node.CALM, deep + "/" + i);
        }
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .until(() ->
                            jar.scrape().series("memspike_memory_current_bytes").size() == 102);
            assertThat(jar.get("/metrics").body().length()).isGreaterThan(6_000_000);
            List<Socket> slow = new ArrayList<>();
            try {
                for (int i = 0; i < MOST_SCRAPES - 1; i++) {
                    slow.add(slowScrape(jar));
                }
                for (String path : List.of("/metrics", "/-/healthy", "/")) {
                    long before = System.nanoTime();
                    assertThat(jar.get(path).statusCode()).as(path).isEqualTo(200);
                    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
                }
                slow.add(slowScrape(jar));
                HttpResponse<String> refused = jar.get("/metrics");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).contains("1");
                assertThat(jar.get("/-/healthy").statusCode()).isEqualTo(200);
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.get("/metrics").statusCode() == 200);
            // As many as before can be under way again: none is lost with a reader that went.
            List<Socket> again = new ArrayList<>();
            try {
                for (int i = 0; i < MOST_SCRAPES; i++) {
                    again.add(slowScrape(jar));
                }
            } finally {
                for (Socket socket : again) {
                    socket.close();
                }
            }
            assertThat(jar.errorLines()).hasSize(1);
        }
    }

    /** Asks, reads the first byte of an answer with status 200, and no more. */
    private static Socket slowScrape(ShippedJar jar) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(10_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), jar.port()));
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream answer = socket.getInputStream();
        assertThat(new String(answer.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
        return socket;
    }

    private interface Scraper {
        HttpResponse<String> scrape(int number);
    }

    private static List<HttpResponse<String>> atOnce(int count, Scraper scraper)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CountDownLatch start = new CountDownLatch(count);
            List<Callable<HttpResponse<String>>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> {
                    start.countDown();
                    start.await();
                    return scraper.scrape(number);
                });
            }
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> each : threads.invokeAll(tasks)) {
                answers.add(each.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private static void awaitSettled(ShippedJar jar) {
        await().atMost(ShippedJar.PATIENCE)
                .until(() -> jar.scrape()
                                .series("memspike_pressure_stalled_peak_ratio")
                                .size()
                        == 12);
    }

    private static void awaitCurrent(ShippedJar jar, double bytes) {
        await().atMost(ShippedJar.PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> jar.scrape().value(-1, "memspike_memory_current_bytes", Node.ODD) == bytes);
    }
}
