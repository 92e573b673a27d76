package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.testkit.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentReportTest {
    private static final Path GOLDEN = Fixtures.dir("incident/leak.txt");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldPrintTheIncidentOfAFile() throws IOException {
        assertThat(run(Fixtures.dir("incident/leak-1.json"))).isZero();
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.write(GOLDEN, out.toByteArray());
        }
        assertThat(text(out)).isEqualTo(Files.readString(GOLDEN));
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shouldFitATerminal() {
        assertThat(IncidentReport.of(Incidents.leak()).lines().filter(line -> line.contains("|")))
                .hasSize(17)
                .allMatch(line -> line.length() <= 83);
    }

    @Test
    void shouldSayWhatIsUnknownAndLeaveOutWhatIsMissing() {
        assertThat(IncidentReport.of(Incidents.bare()))
                .contains("victim     unknown")
                .doesNotContain("anatomy", "memory.stat", "MiB: #", "null", "NaN");
    }

    @Test
    void shouldKeepWhatWasReadFromDoingAnythingToATerminal() {
        assertThat(IncidentReport.of(Incidents.bare()))
                .contains("\"\\???é??\ud83d\ude00\n")
                .doesNotContain("\0", "\t", "\u202e");
    }

    @Test
    void shouldNameTheFileAndWhyWhenItCanNotBeRead() throws IOException {
        Path damaged = Files.writeString(folder.resolve("odd\nname.json"), "{");
        assertThat(run(damaged)).isEqualTo(2);
        assertThat(run(folder.resolve("missing"))).isEqualTo(2);
        assertThat(run(folder)).isEqualTo(2);
        assertThat(text(err).replace(folder.toString(), "F"))
                .isEqualTo("memspike: F/odd?name.json: no JSON, or cut off\nmemspike: F/missing: does not exist\n"
                        + "memspike: F: Is a directory\n");
        assertThat(text(out)).isEmpty();
    }

    private int run(Path file) {
        return IncidentReport.run(
                file,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
