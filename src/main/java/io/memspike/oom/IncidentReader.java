package io.memspike.oom;

import io.memspike.oom.Incident.Limit;
import io.memspike.oom.Incident.Processes;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Subject;
import io.memspike.oom.Incident.Verdict;
import io.memspike.oom.Incident.Victim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An incident of the fields of its JSON. */
final class IncidentReader {
    private IncidentReader() {}

    static Incident incident(JsonFields from) throws Malformed {
        if (!IncidentJson.FORMAT.equals(from.values().get("format"))) {
            throw new Malformed("JSON, but no " + IncidentJson.FORMAT);
        }
        long version = from.number("version");
        if (version != IncidentJson.VERSION) {
            throw new Malformed(
                    "an incident of version " + version + ", and this Memspike reads version " + IncidentJson.VERSION);
        }
        return new Incident(
                from.text("id"),
                from.number("at_ms"),
                subject(from.object("subject")),
                from.number("kills"),
                from.flag("group"),
                limits(from.objects("limits")),
                victim(from.objectOrNull("victim")),
                processes(from.objectOrNull("processes")),
                memoryStat(from.object("memory_stat")),
                series(from.object("ticks")),
                series(from.object("details")),
                verdict(from.object("verdict")));
    }

    private static Subject subject(JsonFields from) throws Malformed {
        return new Subject(
                from.text("namespace"),
                from.text("pod"),
                from.text("container"),
                from.text("pod_uid"),
                from.text("container_id"),
                from.text("cgroup"));
    }

    private static List<Limit> limits(List<JsonFields> from) throws Malformed {
        List<Limit> limits = new ArrayList<>();
        for (JsonFields each : from) {
            limits.add(new Limit(
                    each.text("cgroup"),
                    each.numberOrNull("max_bytes"),
                    each.numberOrNull("current_bytes"),
                    each.numberOrNull("unreclaimable_bytes"),
                    each.flag("hit")));
        }
        return List.copyOf(limits);
    }

    private static @Nullable Victim victim(@Nullable JsonFields from) throws Malformed {
        return from == null
                ? null
                : new Victim(
                        from.count("pid"),
                        from.text("name"),
                        from.number("anon_rss_bytes"),
                        from.number("file_rss_bytes"),
                        from.number("shmem_rss_bytes"),
                        from.count("oom_score_adj"),
                        from.text("oom_memcg"),
                        from.text("task_memcg"));
    }

    private static @Nullable Processes processes(@Nullable JsonFields from) throws Malformed {
        return from == null
                ? null
                : new Processes(
                        from.count("count"),
                        from.number("age_ms"),
                        from.numberOrNull("pss_bytes"),
                        from.numberOrNull("rss_anon_bytes"));
    }

    private static Map<String, Long> memoryStat(JsonFields from) throws Malformed {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String name : from.names()) {
            values.put(name, from.number(name));
        }
        return Collections.unmodifiableMap(values);
    }

    private static Series series(JsonFields from) throws Malformed {
        long[] atMs = from.numbers("at_ms");
        for (long each : atMs) {
            if (each == Series.ABSENT) {
                throw new Malformed(from.path() + "at_ms has a null");
            }
        }
        Map<String, long[]> columns = new LinkedHashMap<>();
        for (String name : from.names()) {
            if (!name.equals("at_ms")) {
                long[] values = from.numbers(name);
                if (values.length != atMs.length) {
                    throw new Malformed(from.path() + JsonFields.printable(name) + " has " + values.length
                            + " values, and at_ms " + atMs.length);
                }
                columns.put(name, values);
            }
        }
        return new Series(atMs, Collections.unmodifiableMap(columns));
    }

    private static Verdict verdict(JsonFields from) throws Malformed {
        String label = from.text("kind");
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(label)) {
                return new Verdict(kind, from.text("sentence"));
            }
        }
        throw new Malformed("verdict.kind is none of version " + IncidentJson.VERSION);
    }
}
