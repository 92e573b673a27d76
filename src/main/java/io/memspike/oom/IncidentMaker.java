package io.memspike.oom;

import io.memspike.oom.Incident.Limit;
import io.memspike.oom.Incident.Processes;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Subject;
import io.memspike.oom.Incident.Victim;
import io.memspike.pod.CgroupName;
import io.memspike.process.Footprint;
import io.memspike.sampling.Container;
import io.memspike.sampling.Kill;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes the record of an incident from what was noted of the kill. */
final class IncidentMaker {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int LONGEST_NAME = 80;

    private IncidentMaker() {}

    static Incident of(Kill kill, long kills, @Nullable Victim victim) {
        Series ticks = Recording.ticks(kill);
        Series details = Recording.details(kill, ticks);
        Evidence evidence = Evidence.of(kill, ticks, details, victim);
        Subject subject = subject(kill);
        return new Incident(
                id(kill.atMs(), subject),
                kill.atMs(),
                subject,
                kills,
                kill.group(),
                limits(kill, evidence),
                victim,
                processes(kill),
                memoryStat(new String(kill.statText(), StandardCharsets.US_ASCII)),
                ticks,
                details,
                Verdicts.of(evidence));
    }

    private static String id(long atMs, Subject who) {
        String name = (who.pod().isEmpty() ? "" : who.pod() + "-") + who.container();
        String plain = name.replaceAll("[^A-Za-z0-9.-]+", "_").replaceAll("^[._-]+", "");
        return TIME.format(Instant.ofEpochMilli(atMs)) + "-"
                + plain.substring(0, Math.min(LONGEST_NAME, plain.length())) + "-"
                + "%04x".formatted(ThreadLocalRandom.current().nextInt(1 << 16));
    }

    private static Subject subject(Kill kill) {
        Container.About about = kill.container().about();
        String cgroup = kill.levels().get(0).cgroup();
        CgroupName name = CgroupName.of(cgroup);
        return new Subject(
                about.identity().namespace(),
                about.identity().pod(),
                about.identity().container(),
                name.podUid() == null ? "" : name.podUid(),
                name.containerId() == null ? "" : name.containerId(),
                cgroup);
    }

    private static List<Limit> limits(Kill kill, Evidence evidence) {
        return kill.levels().stream()
                .map(level -> new Limit(
                        level.cgroup(),
                        IncidentRecorder.orNull(level.max()),
                        IncidentRecorder.orNull(level.current()),
                        IncidentRecorder.orNull(level.unreclaimable()),
                        level.equals(evidence.hit())))
                .toList();
    }

    private static @Nullable Processes processes(Kill kill) {
        Footprint footprint = kill.footprint();
        return footprint == null
                ? null
                : new Processes(
                        footprint.processes(),
                        Math.max(0, (kill.atNanos() - footprint.atNanos()) / 1_000_000),
                        IncidentRecorder.orNull(footprint.shares()[Footprint.PSS]),
                        IncidentRecorder.orNull(footprint.rssAnon()));
    }

    /** Lines {@code key number}; what isn't one is left out. */
    private static Map<String, Long> memoryStat(String text) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            int blank = line.indexOf(' ');
            if (blank > 0 && line.substring(blank + 1).matches("[0-9]{1,18}")) {
                values.put(line.substring(0, blank), Long.parseLong(line.substring(blank + 1)));
            }
        }
        return values;
    }
}
