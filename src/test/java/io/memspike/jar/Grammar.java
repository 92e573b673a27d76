package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What others make of the text: Prometheus' own linter, and the parsers of its Python client. */
final class Grammar {
    /** Debian's, for which its package python3-prometheus-client is made; not whichever comes first in the PATH. */
    private static final String PYTHON = "/usr/bin/python3";

    private Grammar() {}

    /** Has no complaint of promtool's linter, which knows the text format 0.0.4 only. */
    static void assertLints(String text) throws IOException, InterruptedException {
        assertThat(output(text, List.of("promtool", "check", "metrics"))).isEmpty();
    }

    /** Is read whole by the client library's parser of the format, "text" or "openmetrics", without complaint. */
    static void assertParses(String format, String text) throws IOException, InterruptedException {
        Path script = Files.createTempFile("memspike-parse", ".py");
        try (InputStream in = Grammar.class.getResourceAsStream("parse.py")) {
            Files.write(script, in.readAllBytes());
            long samples = text.lines().filter(line -> !line.startsWith("#")).count();
            assertThat(output(text, List.of(PYTHON, script.toString(), format))).isEqualTo(samples + " samples\n");
        } finally {
            Files.delete(script);
        }
    }

    private static String output(String input, List<String> command) throws IOException, InterruptedException {
        Path in = Files.createTempFile("memspike-metrics", ".txt");
        try {
            Files.writeString(in, input);
            Process process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
            return said;
        } finally {
            Files.delete(in);
        }
    }
}
