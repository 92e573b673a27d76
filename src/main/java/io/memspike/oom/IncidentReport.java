package io.memspike.oom;

import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Limit;
import io.memspike.oom.Incident.Processes;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Subject;
import io.memspike.oom.Incident.Victim;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An incident as text for a person, in ASCII but for names. */
public final class IncidentReport {
    private static final int UNREADABLE = 2;

    private static final int MOST_OF_STAT = 12;

    /** What memory.stat has that isn't bytes: events. */
    private static final Pattern COUNTS =
            Pattern.compile("(pg|workingset_|thp_|swpin|swpout|zswpin|zswpout|zswpwb|numa_).*");

    private static final DateTimeFormatter UTC = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder();
    private final Incident incident;

    private IncidentReport(Incident incident) {
        this.incident = incident;
    }

    /** Prints the incident of a file. Returns the exit code: 0, or 2 with one line that says what is wrong with it. */
    public static int run(Path file, PrintStream out, PrintStream err) {
        try (InputStream in = Files.newInputStream(file)) {
            out.print(of(IncidentJson.read(in)));
            out.flush();
            return 0;
        } catch (IOException e) {
            err.println(IncidentFolder.printable("memspike: " + file + ": " + IncidentFolder.why(e)));
            return UNREADABLE;
        }
    }

    /** Lines, each with its end. */
    public static String of(Incident incident) {
        IncidentReport report = new IncidentReport(incident);
        report.head();
        report.limits();
        report.victim();
        report.line("");
        IncidentPlot.of(incident).forEach(report::line);
        report.anatomy();
        report.sizes("memory.stat, the largest, MiB", incident.memoryStat(), MOST_OF_STAT);
        return report.text.toString();
    }

    private void head() {
        Subject subject = incident.subject();
        String name = Stream.of(subject.namespace(), subject.pod(), subject.container())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
        line("OOM kill in %s", name.isEmpty() ? subject.cgroup() : name);
        line("%s  %s", UTC.format(Instant.ofEpochMilli(incident.atMs())), incident.id());
        line("");
        line("%s: %s", label(incident.verdict().kind()), incident.verdict().sentence());
        line("");
        line(
                "killed     %d %s%s",
                incident.kills(),
                incident.kills() == 1 ? "process" : "processes",
                incident.group() ? ", the container as a whole (memory.oom.group)" : "");
        Processes processes = incident.processes();
        if (processes != null) {
            line(
                    "processes  %d, %.1f s before, MiB: PSS %s, anonymous %s",
                    processes.count(),
                    processes.ageMs() / 1000.0,
                    mib(processes.pssBytes(), "-"),
                    mib(processes.rssAnonBytes(), "-"));
        }
        line("cgroup     %s", subject.cgroup());
    }

    private void limits() {
        if (incident.limits().isEmpty()) {
            return;
        }
        line("");
        line("%10s %10s %13s  limits, MiB", "max", "current", "unreclaimable");
        for (Limit each : incident.limits()) {
            line(
                    "%10s %10s %13s  %s%s",
                    mib(each.maxBytes(), "-"),
                    mib(each.currentBytes(), "-"),
                    mib(each.unreclaimableBytes(), "-"),
                    each.cgroup(),
                    each.hit() ? "  <- hit" : "");
        }
    }

    private void victim() {
        Victim victim = incident.victim();
        line("");
        if (victim == null) {
            line("victim     unknown");
            return;
        }
        line("victim     %s (pid %d), oom_score_adj %d", victim.name(), victim.pid(), victim.oomScoreAdj());
        line(
                "           MiB: anonymous %s, files %s, shared memory %s",
                mib(victim.anonRssBytes(), ""), mib(victim.fileRssBytes(), ""), mib(victim.shmemRssBytes(), ""));
        line("           lived in %s", victim.taskMemcg());
        line("           limit of %s", victim.oomMemcg().isEmpty() ? "the node" : victim.oomMemcg());
    }

    /** Of each column the last value before the kill, for what was freed by it is no cause. */
    private void anatomy() {
        Series details = incident.details();
        long[] atMs = details.atMs();
        Map<String, Long> last = new HashMap<>();
        long lastMs = 0;
        for (int i = 0; i < atMs.length && atMs[i] <= 0; i++) {
            for (Map.Entry<String, long[]> each : details.columns().entrySet()) {
                if (Value.isNumber(each.getValue()[i])) {
                    last.put(each.getKey(), each.getValue()[i]);
                    lastMs = atMs[i];
                }
            }
        }
        sizes("anatomy, %.1f s before the kill, MiB".formatted(Math.abs(lastMs / 1000.0)), last, Integer.MAX_VALUE);
    }

    private void sizes(String title, Map<String, Long> values, int most) {
        List<Map.Entry<String, Long>> largest = values.entrySet().stream()
                .filter(each ->
                        each.getValue() > 0 && !COUNTS.matcher(each.getKey()).matches())
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .toList();
        if (!largest.isEmpty()) {
            line("");
            line("%s", title);
            largest.forEach(each -> line("%10s  %s", mib(each.getValue(), ""), each.getKey()));
        }
    }

    private void line(String format, Object... values) {
        String line = String.format(Locale.ROOT, format, values);
        text.append(IncidentFolder.printable(line).stripTrailing()).append('\n');
    }

    private static String label(Incident.Verdict.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String mib(@Nullable Long bytes, String otherwise) {
        return bytes == null ? otherwise : String.format(Locale.ROOT, "%.1f", bytes / 1048576.0);
    }
}
