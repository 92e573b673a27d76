package io.memspike.metrics;

import com.sun.management.ThreadMXBean;
import io.memspike.oom.IncidentRecorder;
import io.memspike.pod.Names;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Naming;
import io.memspike.sampling.ProcessOwners;
import io.memspike.sampling.Sampler;
import io.memspike.sampling.SourceErrors;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * In process: time and allocated bytes of one scrape's text, ours and the whole. In this package for WorkloadWriter.
 *
 * <p>Arguments: the tree's directory, how many containers it has, the interval between scrapes in ms.
 */
public final class ScrapeBench {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 300;
    private static final int RUNS = 300;

    private ScrapeBench() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path top = Path.of(arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        SourceErrors errors = new SourceErrors();
        Sampler sampler = new Sampler(
                new Sampler.Schedule(50_000_000, 200_000_000, 1, 60), top.resolve("proc"), new Naming(Names.none(), Naming.Filter.NONE), kill -> {}, errors);
        Discovery discovery = new Discovery(top.resolve("cgroup"), sampler, errors);
        ProcessWatch processes = new ProcessWatch(
                top.resolve("proc"), new ProcessOwners(sampler::containers), errors, new ProcessWatch.Schedule(0, 1, 0));
        Exposition exposition = new Exposition(
                sampler, discovery, processes, new IncidentRecorder((cgroup, at) -> null, each -> {}, errors), 60, BuildInfo.ofThisJar(), Map::of, family -> true);
        WorkloadWriter workloads = new WorkloadWriter(family -> true);
        sampler.start();
        discovery.start();
        while (sampler.containers().size() < count) {
            Thread.sleep(100);
        }
        Body body = new Body();
        run(count, "workload series (ours)", body, () -> workloads.write(body, true, sampler.containers(), true));
        run(count, "whole /metrics", body, () -> exposition.write(body, true));
        System.exit(0);
    }

    private static void run(int count, String what, Body body, Runnable write) throws InterruptedException {
        long[] nanos = new long[RUNS];
        long[] bytes = new long[RUNS];
        for (int i = -WARM_UP; i < RUNS; i++) {
            Thread.sleep(5);
            body.clear();
            long self = Thread.currentThread().getId();
            long allocated = THREADS.getThreadAllocatedBytes(self);
            long began = System.nanoTime();
            write.run();
            long took = System.nanoTime() - began;
            if (i >= 0) {
                nanos[i] = took;
                bytes[i] = THREADS.getThreadAllocatedBytes(self) - allocated;
            }
        }
        Arrays.sort(nanos);
        Arrays.sort(bytes);
        System.out.printf(
                "| %,d | %s | %.2f | %.2f | %,d | %,d |%n",
                count, what, nanos[RUNS / 2] / 1e6, nanos[RUNS * 99 / 100] / 1e6, bytes[RUNS / 2], body.length());
    }
}
