package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * A golden file: /metrics with what can't be constant masked, and sorted, because a file system lists a directory in
 * an order of its own.
 */
final class Golden {
    private static final boolean REWRITE = Boolean.getBoolean("golden.rewrite");

    /** Numbers of the run, not of the node. */
    private static final Pattern OF_THE_RUN = Pattern.compile("memspike_(?:ticks_total|ticks_late_total|samples_total"
            + "|tick_seconds_(?:bucket|sum|count)|sample_interval_seconds|memory_near_limit_seconds_total"
            + "|source_errors_total)(?:\\{.*)?");

    /** The exporter's process: its series differ between JVMs, so only the families are held. */
    private static final Pattern OF_THE_PROCESS = Pattern.compile("(?:jvm|process)_.*");

    /** Is there from the first garbage collection on, which may or may not have been. */
    private static final String AFTER_A_COLLECTION = "jvm_memory_pool_allocated_bytes";

    private static final Pattern BUILD = Pattern.compile("(version|revision|java_version)=\"[^\"]*\"");

    /** Longer than anything of a node is left unread, or waits for its name. */
    private static final Duration SETTLED = Duration.ofSeconds(12);

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private Golden() {}

    /** Waits until what is scraped is as the golden file says; or, with -Dgolden.rewrite=true, writes the file. */
    static void compare(Path file, Supplier<String> scrape) throws IOException {
        if (REWRITE) {
            Files.writeString(file, settled(scrape));
            return;
        }
        String expected = Files.readString(file);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(masked(scrape.get())).isEqualTo(expected));
    }

    private static String settled(Supplier<String> scrape) {
        String[] last = {""};
        await().during(SETTLED)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    String now = masked(scrape.get());
                    boolean same = now.equals(last[0]);
                    last[0] = now;
                    return same;
                });
        return last[0];
    }

    static String masked(String text) {
        Map<String, List<String>> heads = new TreeMap<>();
        Map<String, Set<String>> samples = new HashMap<>();
        String family = "";
        String end = "";
        for (String line : text.split("\n", -1)) {
            if (line.contains(AFTER_A_COLLECTION)) {
                continue;
            }
            if (line.equals("# EOF")) {
                end = line + "\n";
            } else if (line.startsWith("#")) {
                family = line.split(" ", -1)[2];
                heads.computeIfAbsent(family, name -> new ArrayList<>()).add(line + "\n");
            } else if (!line.isEmpty() && !OF_THE_PROCESS.matcher(line).matches()) {
                samples.computeIfAbsent(family, name -> new TreeSet<>()).add(maskedSample(line) + "\n");
            }
        }
        StringBuilder result = new StringBuilder();
        heads.forEach((name, head) -> {
            head.forEach(result::append);
            samples.getOrDefault(name, Set.of()).forEach(result::append);
        });
        return result + end;
    }

    private static String maskedSample(String line) {
        int blank = line.lastIndexOf(' ');
        String series = line.substring(0, blank);
        if (series.startsWith("memspike_build_info")) {
            return BUILD.matcher(line).replaceAll("$1=\"*\"");
        }
        boolean zero = line.endsWith(" 0") || line.endsWith(" 0.0");
        boolean time = series.startsWith("memspike_memory_near_limit_seconds_total");
        return OF_THE_RUN.matcher(series).matches() && !(time && zero) ? series + " *" : line;
    }
}
