package io.memspike.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** README's table of metrics is the catalogue's; {@code -Dreadme.rewrite=true} writes it anew. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- metrics: from the catalogue, checked by ReadmeTest -->\n";
    private static final String END = "<!-- /metrics -->\n";

    @Test
    void shouldListEveryMetricAsTheCatalogueHasIt() throws IOException {
        String readme = Files.readString(README);
        int from = readme.indexOf(BEGIN) + BEGIN.length();
        int to = readme.indexOf(END);
        assertThat(from).isBetween(BEGIN.length(), to);
        String table = "\n| metric | type | meaning |\n|---|---|---|\n"
                + Arrays.stream(Metric.values()).map(ReadmeTest::row).collect(Collectors.joining())
                + "\n";
        if (Boolean.getBoolean("readme.rewrite")) {
            Files.writeString(README, readme.substring(0, from) + table + readme.substring(to));
        } else {
            assertThat(readme.substring(from, to)).isEqualTo(table);
        }
    }

    private static String row(Metric metric) {
        String type = metric.type().name().toLowerCase(Locale.ROOT);
        return "| `" + metric.family() + "` | " + type + " | " + metric.help() + " |\n";
    }
}
