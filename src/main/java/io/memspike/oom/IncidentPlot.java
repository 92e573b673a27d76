package io.memspike.oom;

import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Limit;
import io.memspike.oom.Incident.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What the container used over the time of an incident, drawn in characters: {@code #} is what couldn't be reclaimed,
 * {@code :} the rest of memory.current, {@code =} the limit, {@code |} the kill.
 */
final class IncidentPlot {
    private static final int WIDTH = 72;
    private static final int HEIGHT = 16;
    /** Of MiB, before the plot. */
    private static final int MARGIN = 10;

    private final long fromMs;
    private final long toMs;
    private final double[] current;
    private final double[] unreclaimable;
    private final double limit;
    private final double top;

    private IncidentPlot(Incident incident) {
        long[] ticks = incident.ticks().atMs();
        fromMs = Math.min(Arrays.stream(ticks).min().orElse(0), -1);
        toMs = Math.max(Arrays.stream(ticks).max().orElse(0), 0);
        current = largest(incident.ticks(), "current_bytes");
        unreclaimable = largest(incident.details(), "unreclaimable_bytes");
        limit = incident.limits().stream()
                .filter(Limit::hit)
                .map(Limit::maxBytes)
                .filter(Objects::nonNull)
                .mapToDouble(Long::doubleValue)
                .findFirst()
                .orElse(Double.NaN);
        top = Arrays.stream(current).filter(v -> v > 0).reduce(Double.isNaN(limit) ? 1 : limit, Math::max);
    }

    /** Lines; none where there was no tick. */
    static List<String> of(Incident incident) {
        return incident.ticks().atMs().length == 0 ? List.of() : new IncidentPlot(incident).lines();
    }

    /** For each column the largest value of its time; where there is none, the one before; NaN where none was before. */
    private double[] largest(Series series, String name) {
        double[] columns = new double[WIDTH];
        Arrays.fill(columns, Double.NaN);
        long[] values = series.columns().getOrDefault(name, new long[0]);
        for (int i = 0; i < values.length; i++) {
            long atMs = series.atMs()[i];
            if (Value.isNumber(values[i]) && atMs >= fromMs && atMs <= toMs) {
                int x = column(atMs);
                double value = (double) values[i];
                columns[x] = Double.isNaN(columns[x]) ? value : Math.max(columns[x], value);
            }
        }
        for (int x = 1; x < WIDTH; x++) {
            columns[x] = Double.isNaN(columns[x]) ? columns[x - 1] : columns[x];
        }
        return columns;
    }

    private int column(long atMs) {
        double share = ((double) atMs - fromMs) / ((double) toMs - fromMs);
        return (int) Math.min(WIDTH - 1, share * WIDTH);
    }

    /** Rows that a value fills; 0 where there is none. */
    private int rows(double value) {
        return Double.isNaN(value) ? 0 : (int) Math.max(0, Math.min(HEIGHT, Math.ceil(value / top * HEIGHT)));
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(" ".repeat(MARGIN + 1) + "MiB: # unreclaimable  : the rest of memory.current  = limit  | kill");
        int kill = column(0);
        for (int row = HEIGHT; row > 0; row--) {
            StringBuilder line = new StringBuilder(margin(row)).append('|');
            for (int x = 0; x < WIDTH; x++) {
                line.append(cell(row, x, kill));
            }
            lines.add(line.toString());
        }
        char[] axis = "-".repeat(WIDTH).toCharArray();
        axis[kill] = '^';
        lines.add(" ".repeat(MARGIN) + "+" + new String(axis));
        String start = String.format(Locale.ROOT, "%.1f s", fromMs / 1000.0);
        String end = String.format(Locale.ROOT, "+%.1f s", toMs / 1000.0);
        lines.add(
                " ".repeat(MARGIN + 1) + start + " ".repeat(Math.max(1, WIDTH - start.length() - end.length())) + end);
        return lines;
    }

    private char cell(int row, int x, int kill) {
        if (row <= Math.min(rows(unreclaimable[x]), rows(current[x]))) {
            return '#';
        }
        if (row <= rows(current[x])) {
            return ':';
        }
        if (x == kill) {
            return '|';
        }
        return row == rows(limit) ? '=' : ' ';
    }

    /** The upper end of every fourth row. */
    private String margin(int row) {
        return row % 4 == 0
                ? String.format(Locale.ROOT, "%" + MARGIN + ".1f", top * row / HEIGHT / 1048576)
                : " ".repeat(MARGIN);
    }
}
