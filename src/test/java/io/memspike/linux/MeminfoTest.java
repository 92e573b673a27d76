package io.memspike.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.testkit.Allocations;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeminfoTest {
    @TempDir
    Path proc;

    static List<Path> captured() {
        return Fixtures.named("meminfo");
    }

    @ParameterizedTest
    @MethodSource("captured")
    void shouldReadWhatTheReferenceReadsWhenCaptured(Path file) {
        byte[] text = Fixtures.bytes(file);
        assertThat(Meminfo.parse(text, text.length))
                .isEqualTo(Reference.swapFreeKilobytes(text))
                .isNotNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "MemTotal: 1 kB\n",
                "\nSwapFree:",
                "\nSwapFree: kB\n",
                "\nSwapFree: 12",
                "\nSwapFree: 12 k",
                "\nSwapFree: 12 kB",
                "\nSwapFree: 12 MB\n",
                "\nSwapFree: -12 kB\n",
                "\nSwapFree: 0x12 kB\n",
                "\nSwapFree: 12  kB\n",
                "\nSwapFree: 12 kB\r\n",
                "\nSwapFree: 12kB\n",
                "\nSwapFree:\t12 kB\n",
                "xSwapFree: 12 kB\n",
                "\nSwapFree: 9999999999999999 kB\n",
                "\nSwapFree: 99999999999999999999 kB\n"
            })
    void shouldBeMalformedWhenItIsNotInTheKernelsForm(String text) throws IOException {
        Files.writeString(proc.resolve("meminfo"), text);
        try (Meminfo meminfo = new Meminfo(proc)) {
            assertThat(meminfo.read()).isEqualTo(Outcome.MALFORMED);
            assertThat(meminfo.swapFreeBytes()).isEqualTo(Meminfo.UNKNOWN);
        }
    }

    @Test
    void shouldKeepTheLastGoodValueWhenARereadFails() throws IOException {
        Path file = Files.writeString(proc.resolve("meminfo"), "MemTotal: 1 kB\nSwapFree:      3 kB\n");
        try (Meminfo meminfo = new Meminfo(proc)) {
            assertThat(meminfo.read()).isEqualTo(Outcome.OK);
            assertThat(meminfo.swapFreeBytes()).isEqualTo(3 * 1024);
            Files.writeString(file, "MemTotal: 1 kB\n");
            assertThat(meminfo.read()).isEqualTo(Outcome.MALFORMED);
            assertThat(meminfo.swapFreeBytes()).isEqualTo(3 * 1024);
        }
    }

    @Test
    void shouldSayWhyWhenThereIsNone() {
        try (Meminfo meminfo = new Meminfo(proc)) {
            assertThat(meminfo.read()).isEqualTo(Outcome.ABSENT);
            assertThat(meminfo.failure()).contains("No such file");
        }
    }

    @Test
    void shouldIgnoreWhatAnEarlierFileLeftWhenThisOneIsShorter() {
        byte[] buffer = "MemTotal: 1 kB\nSwapFree: 12 kB\n".getBytes(StandardCharsets.US_ASCII);
        for (int length = 0; length < buffer.length; length++) {
            assertThat(Meminfo.parse(buffer, length))
                    .as("first %d bytes", length)
                    .isEqualTo(-1);
        }
        assertThat(Meminfo.parse(buffer, buffer.length)).isEqualTo(12);
    }

    @Test
    void shouldAllocateNothingWhenReading() throws IOException {
        Files.write(proc.resolve("meminfo"), Fixtures.bytes(captured().get(0)));
        try (Meminfo meminfo = new Meminfo(proc)) {
            assertThat(Allocations.of(10_000, meminfo::read)).isZero();
        }
    }
}
