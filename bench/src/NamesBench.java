package io.memspike.pod;

import com.sun.management.ThreadMXBean;
import io.memspike.testkit.KubeletStandIn;
import io.memspike.testkit.PodLists;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * The kubelet's list of 1,000 containers: parsed, looked up, and asked for over TLS. In this package for PodList.
 *
 * <p>Arguments: {@code time DIR}; {@code serve DIR tls|plain}, which prints its address and stays until its standard
 * input ends; {@code memory DIR [URI]}, which asks once a second for 20 s and prints what it takes.
 */
public final class NamesBench {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CONTAINERS = 1000;
    private static final int WARM_UP = 100;
    private static final int RUNS = 300;
    private static final int MEMORY_SECONDS = 20;

    private NamesBench() {}

    private interface Run {
        void run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Path dir = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "time" -> {
                parse();
                find();
                endToEnd(dir, false);
                endToEnd(dir, true);
            }
            case "serve" -> serve(dir, arguments[2].equals("tls"));
            case "memory" -> memory(dir, arguments.length > 2 ? URI.create(arguments[2]) : null);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    private static void parse() throws Exception {
        byte[] json = PodLists.large(CONTAINERS);
        measure("parse %,d bytes".formatted(json.length), self(), () -> PodList.parse(new ByteArrayInputStream(json)));
    }

    private static void find() throws Exception {
        PodList list = PodList.parse(new ByteArrayInputStream(PodLists.large(CONTAINERS)));
        CgroupName[] names = new CgroupName[CONTAINERS];
        for (int i = 0; i < CONTAINERS; i++) {
            names[i] = cgroup(PodLists.id(i));
        }
        Kubelet kubelet = new Kubelet(
                new Kubelet.Settings(null, null, null, false), (source, outcome, what) -> {});
        kubelet.publish(list);
        measure("1,000 × find()", self(), () -> {
            for (CgroupName each : names) {
                if (kubelet.find(each) == null) {
                    throw new IllegalStateException();
                }
            }
        });
    }

    /** The server is in this process: its share of the work is in the time. */
    private static void endToEnd(Path dir, boolean tls) throws Exception {
        byte[] before = PodLists.large(CONTAINERS);
        String id = PodLists.id(CONTAINERS / 2);
        String other = "f".repeat(id.length());
        byte[] after = new String(before, StandardCharsets.UTF_8).replace(id, other).getBytes(StandardCharsets.UTF_8);
        CgroupName[] awaited = {cgroup(id), cgroup(other)};
        try (KubeletStandIn server = tls ? KubeletStandIn.start(dir) : KubeletStandIn.startPlain(dir)) {
            server.serve(before);
            Kubelet.Pace pace = new Kubelet.Pace(
                    Duration.ZERO, Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(10));
            Kubelet kubelet = new Kubelet(
                    new Kubelet.Settings(server.uri(), server.tokenFile(), server.caFile(), false),
                    (source, outcome, what) -> System.err.println(what.get()),
                    pace);
            kubelet.start();
            awaitName(kubelet, awaited[0]);
            int[] next = {1};
            measure("wanted() until find(), over " + (tls ? "TLS" : "http"), asker(), () -> {
                server.serve(next[0] == 1 ? after : before);
                kubelet.wanted();
                awaitName(kubelet, awaited[next[0]]);
                next[0] = 1 - next[0];
            });
        }
    }

    /** @param thread the one whose CPU time and allocation count */
    private static void measure(String what, long thread, Run code) throws Exception {
        long[] nanos = new long[RUNS];
        long[] cpu = new long[RUNS];
        long[] bytes = new long[RUNS];
        for (int i = -WARM_UP; i < RUNS; i++) {
            long used = THREADS.getThreadCpuTime(thread);
            long allocated = THREADS.getThreadAllocatedBytes(thread);
            long began = System.nanoTime();
            code.run();
            long took = System.nanoTime() - began;
            if (i >= 0) {
                nanos[i] = took;
                bytes[i] = THREADS.getThreadAllocatedBytes(thread) - allocated;
                cpu[i] = THREADS.getThreadCpuTime(thread) - used;
            }
        }
        Arrays.sort(nanos);
        Arrays.sort(cpu);
        Arrays.sort(bytes);
        System.out.printf(
                "| %s | %.3f | %.3f | %.3f | %,d |%n",
                what, nanos[RUNS / 2] / 1e6, nanos[RUNS * 99 / 100] / 1e6, cpu[RUNS / 2] / 1e6, bytes[RUNS / 2]);
    }

    private static long self() {
        return Thread.currentThread().getId();
    }

    private static long asker() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("memspike-kubelet"))
                .mapToLong(Thread::getId)
                .max()
                .orElseThrow();
    }

    private static void serve(Path dir, boolean tls) throws Exception {
        KubeletStandIn server = tls ? KubeletStandIn.start(dir) : KubeletStandIn.startPlain(dir);
        server.serve(PodLists.large(CONTAINERS));
        System.out.println(server.uri());
        System.in.read();
    }

    private static void memory(Path dir, URI uri) throws Exception {
        Kubelet kubelet = new Kubelet(
                new Kubelet.Settings(uri, dir.resolve("token"), dir.resolve("ca.crt"), false),
                (source, outcome, what) -> System.err.println(what.get()));
        kubelet.start();
        for (int i = 0; i < MEMORY_SECONDS * 10; i++) {
            Thread.sleep(100);
            kubelet.wanted();
        }
        if (uri != null && kubelet.find(cgroup(PodLists.id(0))) == null) {
            throw new IllegalStateException("knows no names");
        }
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                System.out.println(line.replaceAll("\\D", ""));
            }
        }
    }

    private static void awaitName(Kubelet kubelet, CgroupName cgroup) throws InterruptedException {
        while (kubelet.find(cgroup) == null) {
            Thread.sleep(0, 100_000);
        }
    }

    private static CgroupName cgroup(String id) {
        return CgroupName.of("/kubepods/pod00000000-1111-4222-8333-0123456789ab/" + id);
    }
}
