package io.memspike.demo;

import java.nio.charset.StandardCharsets;

/** One line of memory.pressure: {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=0}, total in microseconds. */
final class Stall {
    private static final byte[] AVG60 = ascii(" avg60=");
    private static final byte[] AVG300 = ascii(" avg300=");
    private static final byte[] TOTAL = ascii(" total=");

    private final byte[] label;
    private final double decay10;
    private final double decay60;
    private final double decay300;
    private double avg10;
    private double avg60;
    private double avg300;
    private long total;
    private long pending;
    private long averagedTotal;
    private int version;

    Stall(String name, long averagePeriodMillis) {
        label = ascii(name + " avg10=");
        double seconds = averagePeriodMillis / 1000.0;
        decay10 = Math.exp(-seconds / 10);
        decay60 = Math.exp(-seconds / 60);
        decay300 = Math.exp(-seconds / 300);
    }

    void add(long micros) {
        pending += micros;
    }

    /** Ends a step. Whatever the children's sum, a cgroup cannot stall for longer than the step took. */
    void settle(long stepMicros) {
        if (pending > 0) {
            total += Math.min(pending, stepMicros);
            pending = 0;
            version++;
        }
    }

    /** Moves the running averages on by one period, as the kernel does every two seconds. */
    void average(long periodMicros) {
        double percent = 100.0 * (total - averagedTotal) / periodMicros;
        averagedTotal = total;
        if (percent == 0 && avg10 == 0 && avg60 == 0 && avg300 == 0) {
            return;
        }
        avg10 = decayed(avg10, decay10, percent);
        avg60 = decayed(avg60, decay60, percent);
        avg300 = decayed(avg300, decay300, percent);
        version++;
    }

    void reset() {
        avg10 = 0;
        avg60 = 0;
        avg300 = 0;
        total = 0;
        pending = 0;
        averagedTotal = 0;
        version++;
    }

    /** Differs from an earlier value when the line does. */
    int version() {
        return version;
    }

    void appendTo(Text text) {
        text.put(label).putHundredths((long) (avg10 * 100));
        text.put(AVG60).putHundredths((long) (avg60 * 100));
        text.put(AVG300).putHundredths((long) (avg300 * 100));
        text.put(TOTAL).put(total).newline();
    }

    private static double decayed(double average, double decay, double percent) {
        double next = average * decay + percent * (1 - decay);
        // Below what is printed it is over: an idle cgroup's file then comes to rest.
        return next < 0.005 ? 0 : next;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
