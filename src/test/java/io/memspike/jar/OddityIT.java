package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernel files as they should not be, or as another kernel has them: in odd.service; calm.service is as ever. */
final class OddityIT {
    private static final String ERRORS = "memspike_source_errors_total";
    private static final List<String> READ =
            List.of("memory.current", "memory.stat", "memory.events", "memory.pressure", "memory.max", "memory.peak");

    /** What each is an error of. What isn't named here is quiet. */
    private static final Map<String, Set<String>> EXPECTED = Map.of(
            "missing-stat",
            Set.of("memory.stat absent"),
            "empty-files",
            malformed("memory.oom.group"),
            "truncated-mid-number",
            malformed(""),
            "truncated-at-line",
            Set.of("memory.stat malformed", "memory.events malformed", "memory.pressure malformed"),
            "garbage",
            malformed("memory.oom.group"));

    @TempDir
    Path temp;

    static List<Path> oddities() {
        return Node.all("oddity");
    }

    private static Set<String> malformed(String another) {
        Set<String> all = new TreeSet<>();
        READ.forEach(file -> all.add(file + " malformed"));
        if (!another.isEmpty()) {
            all.add(another + " malformed");
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void shouldExposeWhatIsLeftAndLogOnceWhenFilesAreOdd(Path oddity) throws IOException {
        Set<String> expected = EXPECTED.getOrDefault(String.valueOf(oddity.getFileName()), Set.of());
        try (ShippedJar jar = ShippedJar.on(oddity).ready()) {
            Golden.compare(
                    oddity.resolve("metrics.txt"), () -> jar.get("/metrics").body());
            awaitErrors(jar, expected);
            assertLoggedOnceEach(jar, expected, Node.ODD);
        }
    }

    @Test
    void shouldReportOneFailureAndGoOnWhenMemoryStatNeverEnds() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        String line = "not_yet_known 0123456789\n";
        node.write(Node.ODD, "memory.stat", line.repeat((2 << 20) / line.length()));
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            awaitErrors(jar, Set.of("memory.stat failed"));
            assertLoggedOnceEach(jar, Set.of("memory.stat failed"), Node.ODD);
            assertThat(jar.errorLines()).anyMatch(said -> said.contains("longer than 1048576 bytes"));
            Scrape scrape = jar.scrape();
            assertThat(scrape.has("memspike_memory_current_bytes", Node.ODD)).isTrue();
            assertThat(scrape.has("memspike_memory_unreclaimable_bytes", Node.ODD))
                    .isFalse();
            assertThat(scrape.has("memspike_memory_unreclaimable_bytes", Node.CALM))
                    .isTrue();
        }
    }

    @Test
    void shouldComeBackWhenAnOddFileIsWellAgain() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        node.write(Node.ODD, "memory.current", "");
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            awaitErrors(jar, Set.of("memory.current malformed"));
            assertThat(jar.scrape().has("memspike_memory_current_bytes", Node.ODD))
                    .isFalse();
            node.write(Node.ODD, "memory.current", "4096\n");
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().value(-1, "memspike_memory_current_bytes", Node.ODD) == 4096);
        }
    }

    /** The escapes are those of the text formats; the last is 250 bytes long, of two bytes a letter. */
    @Test
    void shouldEscapeNamesWhenDirectoriesAreHostile() throws IOException, InterruptedException {
        Map<String, String> names = Map.of(
                "qu\"ote",
                "qu\\\"ote",
                "back\\slash",
                "back\\\\slash",
                "line\nfeed",
                "line\\nfeed",
                "trailing\\",
                "trailing\\\\",
                "brace{}=,",
                "brace{}=,",
                "# TYPE x",
                "# TYPE x",
                "\u00fcn\u00efc\u00f6d\u00e9-\u65e5\u672c-\ud83d\udca5",
                "\u00fcn\u00efc\u00f6d\u00e9-\u65e5\u672c-\ud83d\udca5",
                "\u00e9".repeat(125),
                "\u00e9".repeat(125));
        Node node = Node.copy(Node.SMALL, temp);
        Set<String> expected = new TreeSet<>(Set.of(Node.ODD, Node.CALM));
        for (Map.Entry<String, String> name : names.entrySet()) {
            node.make(Node.CALM, "/system.slice/" + name.getKey());
            expected.add("/system.slice/" + name.getValue());
        }
        try (ShippedJar jar =
                ShippedJar.on(temp).environment("LC_ALL", "C.UTF-8").ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .untilAsserted(() -> assertThat(jar.scrape().labels("memspike_memory_current_bytes", "container"))
                            .isEqualTo(expected));
            Grammar.assertLints(jar.get("/metrics").body());
            Grammar.assertParses("text", jar.get("/metrics").body());
            Grammar.assertParses(
                    "openmetrics",
                    jar.get("/metrics", "Accept", "application/openmetrics-text")
                            .body());
            assertThat(jar.errorLines()).hasSize(1);
        }
    }

    /** No locale can write the first name, and C, which most images have, not the second. */
    @ParameterizedTest
    @CsvSource({"C.UTF-8, caf\\351", "C, caf\\303\\251"})
    void shouldExposeEveryCgroupWhenANameCanNotBeWrittenInTheLocale(String locale, String name)
            throws IOException, InterruptedException {
        Node node = Node.copy(Node.SMALL, temp);
        try (ShippedJar jar = ShippedJar.on(temp).environment("LC_ALL", locale).ready()) {
            makeByShell(node, name);
            awaitContainers(jar, 3);
        }
        try (ShippedJar jar = ShippedJar.on(temp).environment("LC_ALL", locale).ready()) {
            awaitContainers(jar, 3);
            assertThat(jar.get("/-/healthy").statusCode()).isEqualTo(200);
            // It can't be watched, which is told: the walk alone finds what changes below it.
            assertThat(jar.errorLines())
                    .hasSize(2)
                    .anySatisfy(line -> assertThat(line).contains("inotify_add_watch", "caf"));
            try (Stream<Path> slice = Files.list(node.cgroup("/system.slice"))) {
                Path odd = slice.filter(each -> each.getFileName().toString().startsWith("caf"))
                        .findFirst()
                        .orElseThrow();
                for (Path file : filesOf(odd)) {
                    Files.delete(file);
                }
                Files.delete(odd);
            }
            awaitContainers(jar, 2);
        }
    }

    /** As bytes, in octal: a string of ours would depend on the locale of the tests. */
    private static void makeByShell(Node node, String octalName) throws IOException, InterruptedException {
        String script = "d=\"$(printf '" + octalName + "').service\"; mkdir \"$d\"; "
                + "cp calm.service/cgroup.* calm.service/memory.[!c]* \"$d\" && cp calm.service/memory.current \"$d\"";
        Process shell = new ProcessBuilder("sh", "-c", script)
                .directory(node.cgroup("/system.slice").toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static void awaitContainers(ShippedJar jar, int count) {
        await().atMost(ShippedJar.PATIENCE)
                .untilAsserted(() -> assertThat(jar.scrape().series("memspike_memory_current_bytes"))
                        .hasSize(count));
    }

    /** Each counted at least twice, so that logging it twice would have shown; and nothing else counted. */
    private static void awaitErrors(ShippedJar jar, Set<String> expected) {
        await().atMost(ShippedJar.PATIENCE).untilAsserted(() -> {
            Scrape scrape = jar.scrape();
            Set<String> counted = new TreeSet<>();
            for (String series : scrape.series(ERRORS)) {
                if (scrape.samples().get(series) >= 2) {
                    counted.add(series.replaceAll(".*source=\"([^\"]*)\",outcome=\"([^\"]*)\".*", "$1 $2"));
                }
            }
            assertThat(counted).isEqualTo(expected);
            assertThat(scrape.series(ERRORS)).hasSameSizeAs(expected);
        });
    }

    private static void assertLoggedOnceEach(ShippedJar jar, Set<String> errors, String cgroup) {
        for (String error : errors) {
            String file = error.substring(0, error.indexOf(' '));
            String message = " WARN SourceErrors - " + error + ": ";
            assertThat(jar.errorLines())
                    .filteredOn(line -> line.contains(message) && line.contains(cgroup + "/" + file))
                    .as(error)
                    .hasSize(1);
        }
        // The first line says that it serves.
        assertThat(jar.errorLines()).hasSize(1 + errors.size());
        assertThat(jar.process().isAlive()).isTrue();
    }
}
