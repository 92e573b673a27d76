package io.memspike.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.memspike.testkit.Allocations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelFileTest {
    @TempDir
    Path dir;

    private final ReadBuffer buffer = new ReadBuffer();

    @Test
    void shouldBeAbsentForGoodWhenThereIsNoSuchFile() throws IOException {
        try (KernelFile file = KernelFile.open(dir, "memory.peak")) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.ABSENT);
            assertThat(file.failure()).contains("No such file");
            Files.writeString(dir.resolve("memory.peak"), "1\n");
            assertThat(file.read(buffer)).isEqualTo(Outcome.ABSENT);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, 4097, 8191, 8192, 100_000, (1 << 20) - 1})
    void shouldReadAllOfItWhenItIsThatLong(int length) throws IOException {
        byte[] content = content(length);
        try (KernelFile file = open(write("memory.stat", content))) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.OK);
            assertThat(read()).isEqualTo(content);
        }
    }

    @Test
    void shouldReadAllOfItWhenItGrowsWhileItIsHeldOpen() throws IOException {
        Path path = write("memory.stat", content(100));
        try (KernelFile file = open(path)) {
            for (int length : new int[] {100, 5000, 70_000, 3, 4096}) {
                Files.write(path, content(length));
                assertThat(file.read(buffer)).isEqualTo(Outcome.OK);
                assertThat(read()).isEqualTo(content(length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, (1 << 20) + 1, 3 << 20})
    void shouldFailWhenItIsAMebibyteOrMore(int length) throws IOException {
        try (KernelFile file = open(write("memory.stat", content(length)))) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.FAILED);
            assertThat(file.failure()).contains("1048576");
        }
    }

    @Test
    void shouldReadTheOldFileWhenThePathWasReplaced() throws IOException {
        Path path = write("memory.current", content(10));
        try (KernelFile file = open(path)) {
            Files.move(write("new", content(20)), path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            assertThat(file.read(buffer)).isEqualTo(Outcome.OK);
            assertThat(read()).isEqualTo(content(10));
        }
    }

    @Test
    void shouldStillReadWhenTheDirectoryWasRemovedFromAnOrdinaryFileSystem() throws IOException {
        Path cgroup = Files.createDirectory(dir.resolve("a"));
        Path path = Files.write(cgroup.resolve("memory.current"), content(10));
        try (KernelFile file = open(path)) {
            Files.delete(path);
            Files.delete(cgroup);
            assertThat(file.read(buffer)).isEqualTo(Outcome.OK);
            assertThat(read()).isEqualTo(content(10));
        }
    }

    /** A directory opens, and can't be read: the nearest thing to a kernel file that has begun to fail. */
    @Test
    void shouldTellFailedFromGoneWhenReadingGivesAnError() throws IOException {
        Path path = Files.createDirectory(dir.resolve("memory.current"));
        try (KernelFile file = open(path)) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.FAILED);
            assertThat(file.failure()).isNotBlank();
            Files.delete(path);
            assertThat(file.read(buffer)).isEqualTo(Outcome.GONE);
        }
    }

    @Test
    void shouldFailWhenAParentIsNoDirectory() throws IOException {
        try (KernelFile file = open(write("a", content(1)).resolve("memory.current"))) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.FAILED);
        }
    }

    /** ESRCH, though its directory is there: kthreadd, of which every machine's own /proc has one. */
    @Test
    void shouldBeGoneWhenTheProcessHasNoMemory() throws IOException {
        Path kthreadd = Path.of("/proc/2");
        Path status = kthreadd.resolve("status");
        assumeTrue(Files.exists(status) && Files.readString(status).startsWith("Name:\tkthreadd"));
        try (KernelFile file = KernelFile.open(kthreadd, "smaps_rollup")) {
            assertThat(file.read(buffer)).isEqualTo(Outcome.GONE);
        }
    }

    @Test
    void shouldAllocateNothingWhenReading() throws IOException {
        try (KernelFile file = open(write("memory.stat", content(6000)))) {
            assertThat(Allocations.of(20_000, () -> file.read(buffer))).isZero();
        }
    }

    private byte[] read() {
        return Arrays.copyOf(buffer.bytes(), buffer.length());
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }

    private static byte[] content(int length) {
        String line = "inactive_anon 123456789\n";
        return line.repeat(length / line.length() + 1).substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }

    private static KernelFile open(Path path) {
        return KernelFile.open(path.getParent(), path.getFileName().toString());
    }
}
