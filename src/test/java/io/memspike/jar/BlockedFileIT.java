package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kernel file that can't be opened for minutes, as when a lock of the cgroup file system is held: here a FIFO. */
final class BlockedFileIT {
    private static final Duration QUICK = Duration.ofSeconds(2);

    @TempDir
    Path temp;

    @Test
    void shouldServeAndSayWhereItStandsStillWhenAFileBlocksFromTheStart() throws IOException, InterruptedException {
        Node node = Node.copy(Node.SMALL, temp);
        Path fifo = node.cgroup(Node.ODD).resolve("memory.current");
        Files.delete(fifo);
        makeFifo(fifo);
        try (ShippedJar jar = ShippedJar.on(temp).start()) {
            assertThat(answer(jar, "/-/healthy").statusCode()).isEqualTo(200);
            assertThat(answer(jar, "/-/ready").statusCode()).isEqualTo(503);
            assertStandsStillAt(jar, Node.ODD);
            assertThat(answer(jar, "/-/ready").statusCode()).isEqualTo(503);
            release(jar, fifo);
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has("memspike_memory_current_bytes", Node.CALM));
            assertThat(answer(jar, "/-/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldSampleTheOthersAndSayWhereItStandsStillWhenAFileBlocksLater() throws IOException, InterruptedException {
        Node node = Node.copy(Node.SMALL, temp);
        String late = "/system.slice/late.service";
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has("memspike_memory_current_bytes", Node.CALM));
            Files.createDirectory(node.cgroup(late));
            Path fifo = node.cgroup(late).resolve("memory.current");
            makeFifo(fifo);
            assertStandsStillAt(jar, late);
            // Discovery stands still, sampling doesn't.
            node.write(Node.CALM, "memory.current", "20480\n");
            await().atMost(QUICK).until(() -> jar.scrape().value("memspike_memory_current_bytes", Node.CALM) == 20480);
            release(jar, fifo);
        }
    }

    private static void assertStandsStillAt(ShippedJar jar, String cgroup) {
        // The walk that finds it comes every 10 s at the latest, and 5 s of silence are a stall.
        await().atMost(ShippedJar.PATIENCE)
                .until(() -> answer(jar, "/-/healthy").statusCode() == 503);
        assertThat(answer(jar, "/-/healthy").body())
                .matches("discovery of cgroups stands still for \\d+ s at " + cgroup + "\n");
        assertThat(answer(jar, "/metrics").statusCode()).isEqualTo(200);
        assertThat(jar.scrape().value("memspike_stalled_seconds", "discovery")).isGreaterThanOrEqualTo(5);
        assertThat(jar.scrape().value("memspike_stalled_seconds", "sampler")).isZero();
    }

    private static void release(ShippedJar jar, Path fifo) throws IOException {
        // Opening waits for the reader, who is there.
        try (OutputStream writer = Files.newOutputStream(fifo)) {
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> answer(jar, "/-/healthy").statusCode() == 200);
            writer.flush();
        }
        assertThat(jar.scrape().value("memspike_stalled_seconds", "discovery")).isZero();
    }

    private static HttpResponse<String> answer(ShippedJar jar, String path) {
        long before = System.nanoTime();
        HttpResponse<String> response = jar.get(path);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("answers quickly: %s", path)
                .isLessThan(QUICK);
        return response;
    }

    private static void makeFifo(Path path) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
    }
}
