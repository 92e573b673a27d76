package io.memspike.process;

import java.nio.file.Path;
import java.util.List;

/**
 * The watch alone, on the processes of a directory in the form of /proc, all of them one workload; a line on stdout
 * for each look.
 *
 * <p>Arguments: the directory, seconds from pass to pass, share of a core.
 */
public final class PssBench {
    private PssBench() {}

    public static void main(String[] arguments) throws InterruptedException {
        Workloads.Workload all = footprint -> System.out.printf(
                "%d %d%n", footprint.processes(), footprint.shares()[Footprint.PSS]);
        Workloads workloads = new Workloads() {
            @Override
            public List<Workload> riskiestFirst() {
                return List.of(all);
            }

            @Override
            public Workload of(String path) {
                return all;
            }
        };
        long interval = (long) (Double.parseDouble(arguments[1]) * 1e9);
        new ProcessWatch(
                        Path.of(arguments[0]),
                        workloads,
                        (source, outcome, what) -> System.err.println(source + ' ' + outcome + ": " + what.get()),
                        new ProcessWatch.Schedule(interval, Double.parseDouble(arguments[2]), Long.MAX_VALUE))
                .start();
        Thread.sleep(Long.MAX_VALUE);
    }
}
