package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What someone sees who tries it on a laptop. One run, because the leak takes its minute. */
final class DemoIT {
    private static final Pattern TREE = Pattern.compile("(/.*/memspike-demo-[^/]+)/.*");
    private static final Pattern CONTAINER = Pattern.compile(".*,container=\"([^\"]*)\".*");

    @Test
    void shouldShowASpikeAndAKillAndLeaveNothingBehindWhenTheDemoRuns() throws IOException, InterruptedException {
        try (ShippedJar jar = ShippedJar.with("--demo").ready()) {
            Set<Path> trees = trees(jar.process());
            assertThat(trees).hasSize(1);
            Map<String, Double> killsBefore = kills(jar.scrape());
            assertThat(killsBefore).hasSizeGreaterThanOrEqualTo(12);

            await().atMost(Duration.ofSeconds(30)).until(() -> hasSpike(jar.scrape()));
            await().atMost(Duration.ofSeconds(85))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> !kills(jar.scrape()).equals(killsBefore));
            assertThat(jar.get("/-/healthy").statusCode()).isEqualTo(200);
            Scrape killed = jar.scrape();
            String victim = killsBefore.keySet().stream()
                    .filter(container -> kills(killed).get(container) > killsBefore.get(container))
                    .collect(Collectors.joining());
            assertThat(killed.value("memspike_oom_incidents_total", victim)).isEqualTo(1);
            assertThat(killed.has("memspike_oom_last_kill_timestamp_seconds", victim))
                    .isTrue();
            // It is started again, and its counters go on.
            await().atMost(Duration.ofSeconds(15))
                    .until(() -> jar.scrape().value(Double.MAX_VALUE, "memspike_memory_current_bytes", victim)
                            < 0.7 * killed.value("memspike_memory_current_peak_bytes", victim));
            assertThat(jar.scrape().value("memspike_oom_kills_total", victim))
                    .isEqualTo(killed.value("memspike_oom_kills_total", victim));
            Grammar.assertLints(jar.get("/metrics").body());
            assertThat(jar.errorLines()).noneMatch(line -> line.contains(" ERROR ") || line.contains("\tat "));

            jar.process().destroy();
            assertThat(jar.process().waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(jar.process().exitValue()).isEqualTo(128 + 15);
            assertThat(trees).noneMatch(Files::exists);
        }
    }

    private static boolean hasSpike(Scrape scrape) {
        for (String series : scrape.series("memspike_memory_unreclaimable_bytes")) {
            double peak = scrape.samples().get(series.replace("_bytes{", "_peak_bytes{"));
            if (peak > 1.25 * scrape.samples().get(series) && peak > 100e6) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Double> kills(Scrape scrape) {
        Map<String, Double> kills = new HashMap<>();
        for (String series : scrape.series("memspike_oom_kills_total")) {
            Matcher container = CONTAINER.matcher(series);
            assertThat(container.matches()).isTrue();
            kills.put(container.group(1), scrape.samples().get(series));
        }
        return kills;
    }

    /** Where its files are, by what it holds open: another demo may run on this machine. */
    private static Set<Path> trees(Process process) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            List<Path> links = descriptors.toList();
            return links.stream()
                    .map(DemoIT::target)
                    .map(TREE::matcher)
                    .filter(Matcher::matches)
                    .map(tree -> Path.of(tree.group(1)))
                    .collect(Collectors.toSet());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
