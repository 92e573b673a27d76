package io.memspike.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class ValuesFuzzTest {
    /** The command line, an argument in each line: settings within their bounds, or one line that names what is bad. */
    @FuzzTest(maxDuration = "60s")
    void commandLine(byte[] text) {
        List<String> arguments = List.of(new String(text, StandardCharsets.UTF_8).split("\n", -1));
        try {
            Settings settings = Settings.of(arguments, Map.of());
            assertThat(settings.port()).isBetween(0, 65535);
            assertThat(settings.schedule().intervalNanos()).isBetween(1_000_000L, 10_000_000_000L);
            assertThat(settings.schedule().detailIntervalNanos())
                    .isBetween(settings.schedule().intervalNanos(), 60_000_000_000L);
            assertThat(settings.schedule().cpuShare()).isGreaterThan(0).isLessThanOrEqualTo(1);
            assertThat(settings.schedule().windowSeconds()).isBetween(1, 600);
        } catch (BadOption e) {
            assertThat(e.getMessage()).matches("(?s)(--|unknown option ).+").doesNotContain("\n", "\r");
        }
    }
}
