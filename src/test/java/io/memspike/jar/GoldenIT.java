package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All that /metrics says of whole nodes. */
final class GoldenIT {
    private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0";
    /** What a user would call a workload; the others are levels above one, parts of one, or a runtime's helper. */
    private static final Set<String> WORKLOADS = Set.of("container", "docker", "system", "user");

    static List<Path> hosts() {
        return Node.all("host");
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void shouldExposeExactlyTheGoldenFileWhenItWatchesAHost(Path host) throws IOException {
        try (ShippedJar jar = ShippedJar.on(host).ready()) {
            Golden.compare(
                    host.resolve("metrics.txt"), () -> jar.get("/metrics").body());
            Golden.compare(
                    host.resolve("metrics.openmetrics.txt"),
                    () -> jar.get("/metrics", "Accept", OPENMETRICS).body());
        }
    }

    @ParameterizedTest
    @MethodSource("hosts")
    void shouldExposeEveryWorkloadAndNothingElseWhenTheTruthIsKnown(Path host) throws IOException {
        Set<String> expected = new TreeSet<>();
        Set<String> limited = new TreeSet<>();
        for (String[] row : truth(host)) {
            // Where nobody knows names, nobody knows which container of a pod is its sandbox.
            if (WORKLOADS.contains(row[1]) || (row[1].equals("pause") && !hasNames(host))) {
                expected.add("/" + row[0]);
                if (!limit(host, row).equals("max")) {
                    limited.add("/" + row[0] + " " + limit(host, row));
                }
            }
        }
        try (ShippedJar jar = ShippedJar.on(host).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .untilAsserted(() -> assertThat(jar.scrape().labels("memspike_container_info", "cgroup"))
                            .isEqualTo(expected));
            Scrape scrape = jar.scrape();
            Set<String> exposedLimits = new TreeSet<>();
            for (String cgroup : expected) {
                String container = containerLabel(
                        scrape.series("memspike_container_info", cgroup).get(0));
                if (scrape.has("memspike_memory_limit_bytes", container)) {
                    exposedLimits.add(cgroup + " " + (long) scrape.value("memspike_memory_limit_bytes", container));
                }
            }
            assertThat(exposedLimits).isEqualTo(limited);
        }
    }

    private static boolean hasNames(Path host) {
        return Files.isDirectory(host.resolve("containers"));
    }

    private static String containerLabel(String series) {
        return series.replaceAll(".*,container=\"([^\"]*)\".*", "$1");
    }

    /** The cgroup's own limit, or its pod's if that is lower or the only one. */
    private static String limit(Path host, String[] row) throws IOException {
        String parent = row[0].substring(0, row[0].lastIndexOf('/') < 0 ? 0 : row[0].lastIndexOf('/'));
        for (String[] above : truth(host)) {
            if (above[0].equals(parent) && above[1].equals("pod") && !above[2].equals("max")) {
                return row[2].equals("max") || Long.parseLong(row[2]) > Long.parseLong(above[2]) ? above[2] : row[2];
            }
        }
        return row[2];
    }

    private static List<String[]> truth(Path host) throws IOException {
        try (Stream<String> lines = Files.lines(host.resolve("truth.tsv"))) {
            return lines.skip(1).map(line -> line.split("\t", -1)).toList();
        }
    }
}
