package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.linux.Outcome;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A FIFO gives what was written to it at once as /dev/kmsg gives a record, as long as one waits in between. */
class KernelLogTest {
    private static final String KILLED = "3,1,5000000,-;Memory cgroup out of memory: Killed process 173 (tool) "
            + "total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1kB oom_score_adj:0\n";

    @TempDir
    Path dir;

    private final List<OomReport> reports = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @Test
    void shouldTellOfEachKillWhenItIsLogged() throws Exception {
        Path fifo = fifo();
        try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw");
                KernelLog log = log(fifo)) {
            for (int kills = 1; kills <= 3; kills++) {
                writer.write(KILLED.getBytes(StandardCharsets.US_ASCII));
                int expected = kills;
                await().until(() -> reports.size() == expected);
            }
            assertThat(reports).extracting(report -> report.victim().pid()).containsOnly(173);
            assertThat(log.isWorking()).isTrue();
            assertThat(log.lost()).isZero();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldGoOnWhenARecordIsNoMessage() throws Exception {
        Path fifo = fifo();
        try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw");
                KernelLog log = log(fifo)) {
            writer.write(new byte[] {'x', 0, -1});
            await().until(() -> {
                // The first one may have been read together with what is no message.
                writer.write(KILLED.getBytes(StandardCharsets.US_ASCII));
                return !reports.isEmpty();
            });
            assertThat(log.isWorking()).isTrue();
        }
    }

    @Test
    void shouldEndQuietlyWhenClosed() throws Exception {
        Path fifo = fifo();
        try (RandomAccessFile writer = new RandomAccessFile(fifo.toFile(), "rw")) {
            KernelLog closed;
            try (KernelLog log = log(fifo)) {
                closed = log;
                writer.write('x');
                assertThat(log.isWorking()).isTrue();
            }
            await().until(() -> !closed.isWorking());
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldNotWorkAndCountNothingWhenThereIsNoDevice() {
        try (KernelLog log = log(dir.resolve("none"))) {
            assertThat(log.isWorking()).isFalse();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldCountAFailureAndEndWhenItIsNoDevice() throws IOException {
        try (KernelLog file = log(Files.writeString(dir.resolve("file"), KILLED));
                KernelLog directory = log(dir)) {
            await().until(() -> !file.isWorking() && !directory.isWorking());
        }
        assertThat(reports).as("was in it before").isEmpty();
        assertThat(failures).hasSize(2).allMatch(failure -> failure.startsWith("kmsg FAILED " + dir));
    }

    private KernelLog log(Path device) {
        return new KernelLog(device, this::count, reports::add).start();
    }

    private void count(String source, Outcome outcome, Supplier<String> what) {
        failures.add(source + " " + outcome + " " + what.get());
    }

    private Path fifo() throws Exception {
        Path fifo = dir.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }
}
