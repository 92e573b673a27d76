package io.memspike.oom;

import io.memspike.oom.Incident.Limit;
import io.memspike.oom.Incident.Processes;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Subject;
import io.memspike.oom.Incident.Verdict;
import io.memspike.oom.Incident.Victim;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Incidents for tests. */
final class Incidents {
    static final long AT_MS = 1_782_907_200_123L;
    private static final String POD = "/kubepods.slice/kubepods-pod7.slice";
    private static final String CGROUP = POD + "/cri-containerd-01.scope";
    private static final long MIB = 1 << 20;

    private Incidents() {}

    /** The incident of test-fixtures/incident: a leak of 4 MiB a second up to a limit of 256 MiB. */
    static Incident leak() {
        long[] ticks = LongStream.rangeClosed(-120, 10).map(i -> i * 500).toArray();
        long[] current = LongStream.of(ticks)
                .map(ms -> ms > 0 ? 3 * MIB : Math.min(256 * MIB, 266 * MIB + ms * 4 * MIB / 1000))
                .toArray();
        current[7] = Series.ABSENT;
        long[] reads = LongStream.rangeClosed(-30, 2).map(i -> i * 2000).toArray();
        long[] anon = LongStream.of(reads)
                .map(ms -> ms > 0 ? 1 * MIB : Math.min(245 * MIB, 250 * MIB + ms * 4 * MIB / 1000))
                .toArray();
        Map<String, long[]> details = new TreeMap<>();
        details.put("anon", anon);
        details.put("pgmajfault", LongStream.of(reads).map(ms -> 7).toArray());
        details.put("shmem", LongStream.of(reads).map(ms -> Series.ABSENT).toArray());
        details.put("slab_reclaimable", LongStream.of(reads).map(ms -> MIB / 2).toArray());
        details.put(
                "unreclaimable_bytes",
                LongStream.of(anon).map(bytes -> bytes + 4 * MIB).toArray());
        Map<String, Long> stat =
                new TreeMap<>(Map.of("anon", 245 * MIB, "file", 5 * MIB, "kernel", 4 * MIB, "pgfault", 900 * MIB));
        return new Incident(
                "20260701T120000.123Z-app-1a2b",
                AT_MS,
                new Subject("shop", "web-7d4b9c", "app", "d0970148-dac4-5119-a876-c5f706dbcae4", "01", CGROUP),
                2,
                true,
                List.of(
                        new Limit(CGROUP, 256 * MIB, 256 * MIB, 249 * MIB, true),
                        new Limit(POD, null, 300 * MIB, null, false)),
                new Victim(4711, "java", 244 * MIB, 3 * MIB, 0, 985, CGROUP, CGROUP),
                new Processes(1, 1200, 246 * MIB, null),
                new LinkedHashMap<>(stat),
                new Series(ticks, Map.of("current_bytes", current)),
                new Series(reads, new LinkedHashMap<>(details)),
                new Verdict(Verdict.Kind.LEAK, "grew by 4.0 MiB/s for 60 s; at this rate any limit is reached"));
    }

    static Incident named(String id, long atMs) {
        Incident leak = leak();
        return new Incident(
                id,
                atMs,
                leak.subject(),
                leak.kills(),
                leak.group(),
                leak.limits(),
                leak.victim(),
                leak.processes(),
                leak.memoryStat(),
                leak.ticks(),
                leak.details(),
                leak.verdict());
    }

    /** Of whatever may be absent nothing, and texts that JSON has to escape. */
    static Incident bare() {
        Series none = new Series(new long[0], Map.of());
        String odd = "\"\\\n\t\0é\u202e\ud800\ud83d\ude00";
        return new Incident(
                odd,
                Long.MIN_VALUE + 1,
                new Subject("", "", "", "", "", odd),
                Long.MAX_VALUE,
                false,
                List.of(),
                null,
                null,
                Map.of(),
                none,
                none,
                new Verdict(Verdict.Kind.LIMIT_LOWERED, odd));
    }

    static String json(Incident incident) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            IncidentJson.write(incident, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
