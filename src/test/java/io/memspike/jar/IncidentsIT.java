package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.jar.ShippedJar.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kill, from memory.events to the API, the folder and the printed report. */
final class IncidentsIT {
    private static final String EVENTS = "low 0\nhigh 0\nmax 9\noom %d\noom_kill %d\noom_group_kill %d\n";
    private static final Pattern ID = Pattern.compile("\"id\" *: *\"([^\"]+)\"");

    @TempDir
    Path temp;

    private Node node;
    private Path data;

    @BeforeEach
    void copy() throws IOException {
        node = Node.copy(Node.SMALL, temp.resolve("node"));
        data = Files.createDirectory(temp.resolve("data"));
        node.write(Node.ODD, "memory.events", EVENTS.formatted(0, 0, 0));
        node.write(Node.ODD, "memory.oom.group", "1\n");
    }

    @Test
    void shouldRecordAGroupKillOnceAndKeepItOverARestart() throws IOException, InterruptedException {
        String id;
        try (ShippedJar jar = jar()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has("memspike_oom_kills_total", Node.ODD));
            assertThat(ids(jar)).isEmpty();
            // As the kernel counts a group of three: the first one before the decision for the group.
            node.write(Node.ODD, "memory.events", EVENTS.formatted(1, 1, 0));
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().value("memspike_oom_kills_total", Node.ODD) == 1);
            node.write(Node.ODD, "memory.events", EVENTS.formatted(1, 4, 1));
            await().atMost(ShippedJar.PATIENCE).until(() -> ids(jar).size() == 1);
            id = ids(jar).get(0);
            String incident = jar.get("/api/v1/incidents/" + id).body();
            assertThat(incident)
                    .contains("\"format\" : \"memspike-incident\"", "\"version\" : 1", "\"kills\" : 4")
                    .contains("\"container\" : \"" + Node.ODD + "\"", "\"current_bytes\"", "\"unreclaimable_bytes\"");
            assertThat(total(jar)).isEqualTo(1);
            assertThat(jar.errorLines())
                    .filteredOn(line -> line.contains("was killed"))
                    .singleElement()
                    .asString()
                    .contains(Node.ODD, id);
        }
        try (ShippedJar again = jar()) {
            assertThat(ids(again)).containsExactly(id);
            assertThat(again.scrape().value("memspike_feature_enabled", "incident_files"))
                    .isEqualTo(1);
        }
        try (Stream<Path> files = Files.list(data)) {
            Path file = files.toList().get(0);
            Ended printed = ShippedJar.with("incident", file.toString())
                    .withoutAddress()
                    .run();
            assertThat(printed.exitCode()).isZero();
            assertThat(printed.out()).contains(Node.ODD);
        }
    }

    @Test
    void shouldKeepIncidentsInMemoryWhenTheFolderCanNotBeWritten() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        try (ShippedJar jar = ShippedJar.on(node.path(), "--path.data=" + file).ready()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has("memspike_oom_kills_total", Node.ODD));
            node.write(Node.ODD, "memory.events", EVENTS.formatted(1, 2, 1));
            await().atMost(ShippedJar.PATIENCE).until(() -> ids(jar).size() == 1);
            assertThat(jar.scrape().value("memspike_feature_enabled", "incident_files"))
                    .isZero();
            assertThat(jar.errorLines())
                    .filteredOn(line -> line.contains(file.toString()))
                    .hasSize(1);
        }
    }

    @Test
    void shouldNotFindWhatItDoesNotKnow() {
        try (ShippedJar jar = jar()) {
            for (String id : List.of("none", "..", "%2e%2e%2fnode", "..%2f..%2fetc%2fpasswd", "x".repeat(2000))) {
                assertThat(jar.get("/api/v1/incidents/" + id).statusCode())
                        .as(id)
                        .isEqualTo(404);
            }
            assertThat(jar.get("/api/v1/incidents").body().strip()).isEqualTo("[ ]");
        }
    }

    @Test
    void shouldSayInOneLineWhatIsWrongWithAFileToPrint() throws IOException, InterruptedException {
        Ended ended =
                ShippedJar.with("incident", "/no/such/file").withoutAddress().run();
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errorLines()).singleElement().asString().contains("/no/such/file");
    }

    private ShippedJar jar() {
        return ShippedJar.on(node.path(), "--path.data=" + data).ready();
    }

    private static List<String> ids(ShippedJar jar) {
        return ID.matcher(jar.get("/api/v1/incidents").body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static double total(ShippedJar jar) {
        Matcher counts = Pattern.compile("memspike_incidents_total\\{[^}]*} ([0-9.]+)")
                .matcher(jar.get("/metrics").body());
        return counts.results()
                .mapToDouble(each -> Double.parseDouble(each.group(1)))
                .sum();
    }
}
