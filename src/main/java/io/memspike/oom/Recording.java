package io.memspike.oom;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Series;
import io.memspike.sampling.History;
import io.memspike.sampling.Kill;
import io.memspike.sampling.Risk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The raw samples of a minute before a kill and the seconds after it, as the series of an incident. */
final class Recording {
    static final String CURRENT = "current_bytes";
    static final String UNRECLAIMABLE = "unreclaimable_bytes";
    private static final long BEFORE_MS = 60_000;

    private Recording() {}

    /** memory.current of each tick. */
    static Series ticks(Kill kill) {
        History history = kill.history();
        return series(history == null ? new long[0][] : history.ticks(kill.atNanos()), List.of(CURRENT));
    }

    /** memory.stat at each read of it, with what could not have been reclaimed then. */
    static Series details(Kill kill, Series ticks) {
        History history = kill.history();
        List<String> names =
                History.detailNames().stream().map(name -> name + "_bytes").toList();
        Series read = series(history == null ? new long[0][] : history.details(kill.atNanos()), names);
        long[] unreclaimable = new long[read.atMs().length];
        long[] stat = new long[MemoryStat.COUNT];
        long swapRoom = kill.levels().get(0).swapRoom();
        int tick = 0;
        for (int i = 0; i < unreclaimable.length; i++) {
            while (tick < ticks.atMs().length - 1 && ticks.atMs()[tick] < read.atMs()[i]) {
                tick++;
            }
            boolean same = tick < ticks.atMs().length && ticks.atMs()[tick] == read.atMs()[i];
            unreclaimable[i] = same
                    ? Risk.unreclaimable(column(ticks, CURRENT)[tick], stat(read, i, stat), swapRoom)
                    : Value.ABSENT;
        }
        Map<String, long[]> columns = new LinkedHashMap<>();
        columns.put(UNRECLAIMABLE, unreclaimable);
        columns.putAll(read.columns());
        return new Series(read.atMs(), columns);
    }

    /** A column that is there. */
    static long[] column(Series series, String name) {
        long[] values = series.columns().get(name);
        if (values == null) {
            throw new IllegalArgumentException("no column " + name);
        }
        return values;
    }

    private static long[] stat(Series details, int row, long[] into) {
        into[MemoryStat.INACTIVE_FILE] = column(details, "inactive_file_bytes")[row];
        into[MemoryStat.ACTIVE_FILE] = column(details, "active_file_bytes")[row];
        into[MemoryStat.SLAB_RECLAIMABLE] = column(details, "slab_reclaimable_bytes")[row];
        into[MemoryStat.INACTIVE_ANON] = column(details, "inactive_anon_bytes")[row];
        into[MemoryStat.ACTIVE_ANON] = column(details, "active_anon_bytes")[row];
        return into;
    }

    /** @param samples oldest first: of each its age, then its values */
    private static Series series(long[][] samples, List<String> names) {
        int first = 0;
        while (first < samples.length && samples[first][0] > BEFORE_MS) {
            first++;
        }
        long[] atMs = new long[samples.length - first];
        Map<String, long[]> columns = new LinkedHashMap<>();
        names.forEach(name -> columns.put(name, new long[atMs.length]));
        for (int i = 0; i < atMs.length; i++) {
            long[] sample = samples[first + i];
            atMs[i] = -sample[0];
            int column = 1;
            for (long[] values : columns.values()) {
                values[i] = sample[column++];
            }
        }
        return new Series(atMs, columns);
    }
}
