package io.memspike.oom;

import io.memspike.oom.Incident.Series;

/**
 * What one series did before the kill, in numbers: from the samples of {@code fromMs} before it up to it.
 *
 * @param samples how many there were
 * @param first value of the first
 * @param lowest value
 * @param highest value
 * @param highestAtMs when that was, from the kill: 0 or less
 * @param last value
 * @param perSecond slope of the straight line through them (least squares)
 * @param straight how well that line describes them: 1 is exactly, 0 not at all (R²)
 */
record Shape(
        int samples,
        long first,
        long lowest,
        long highest,
        long highestAtMs,
        long last,
        double perSecond,
        double straight) {

    static Shape of(Series series, String column, long fromMs) {
        long[] values = Recording.column(series, column);
        double n = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0, sumYY = 0;
        long first = 0, lowest = Long.MAX_VALUE, highest = -1, highestAt = 0, last = 0;
        for (int i = 0; i < values.length; i++) {
            long at = series.atMs()[i];
            if (at < fromMs || at > 0 || values[i] == Series.ABSENT) {
                continue;
            }
            double x = at / 1000.0, y = values[i];
            first = n == 0 ? values[i] : first;
            last = values[i];
            lowest = Math.min(lowest, last);
            if (last > highest) {
                highest = last;
                highestAt = at;
            }
            n++;
            sumX += x;
            sumY += y;
            sumXX += x * x;
            sumXY += x * y;
            sumYY += y * y;
        }
        double spreadX = n * sumXX - sumX * sumX, spreadY = n * sumYY - sumY * sumY, both = n * sumXY - sumX * sumY;
        return new Shape(
                (int) n,
                first,
                n == 0 ? 0 : lowest,
                highest,
                highestAt,
                last,
                spreadX == 0 ? 0 : both / spreadX,
                spreadX == 0 || spreadY == 0 ? 0 : both * both / (spreadX * spreadY));
    }

    long grown() {
        return highest - first;
    }
}
