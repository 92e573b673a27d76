package io.memspike.demo;

import static io.memspike.demo.Bytes.GIB;
import static io.memspike.demo.Bytes.MIB;
import static io.memspike.demo.Bytes.PAGE;
import static io.memspike.demo.Cgroup.UNLIMITED;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A node with a kubelet (systemd driver, containerd) and one pod for each shape of memory use, advanced in steps of
 * fixed length: after n steps it is always the same, whoever drives it and however fast.
 */
final class Simulation {
    static final long STEP_MILLIS = 20;

    /** The node has been up for this long when it is first seen: caches are filled, sums have settled. */
    private static final long WARM_UP_MILLIS = 20_000;

    private final MemoryController memory = new MemoryController();
    private final List<Cgroup> cgroups = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final Map<String, String> logLinks = new HashMap<>();
    private final Cgroup root = new Cgroup();
    private long nowMillis;

    Simulation() {
        cgroups.add(root);
        kubepods();
        systemSlice();
        while (nowMillis < WARM_UP_MILLIS) {
            step();
        }
    }

    /** All that can ever exist, parents before children; see {@link Cgroup#online()}. */
    List<Cgroup> cgroups() {
        return cgroups;
    }

    /** What /var/log/containers has: the name of each link, and where it points. */
    Map<String, String> logLinks() {
        return logLinks;
    }

    void step() {
        nowMillis += STEP_MILLIS;
        for (int i = 0; i < containers.size(); i++) {
            containers.get(i).step(nowMillis);
        }
        for (int i = 0; i < cgroups.size(); i++) {
            cgroups.get(i).settle(nowMillis, STEP_MILLIS);
        }
    }

    private void kubepods() {
        Cgroup kubepods = slice(root, "kubepods.slice", 14 * GIB);
        Cgroup besteffort = slice(kubepods, "kubepods-besteffort.slice", UNLIMITED);
        Cgroup burstable = slice(kubepods, "kubepods-burstable.slice", UNLIMITED);
        pod(burstable, "idle", 128 * MIB, Workloads.idle(18 * MIB, 9 * MIB));
        pod(burstable, "web", 512 * MIB, Workloads.serving(11, 160 * MIB, 56 * MIB));
        pod(burstable, "leak", 256 * MIB, Workloads.leaking(256 * MIB));
        pod(burstable, "burst", 512 * MIB, Workloads.bursts(22, 292 * MIB, 461 * MIB));
        pod(burstable, "scratch", 256 * MIB, Workloads.tmpfsFilling(217 * MIB));
        pod(burstable, "scan", 512 * MIB, Workloads.reading(512 * PAGE));
        // Guaranteed pods stand in kubepods.slice itself.
        pod(kubepods, "java", 2 * GIB, Workloads.sawTooth(636 * MIB, 1236 * MIB));
        pod(besteffort, "report", UNLIMITED, Workloads.wandering(33, 200 * MIB, 420 * MIB, 160 * MIB));
        // A limit for the whole pod that is smaller than its containers' together: the pod's fires first.
        Cgroup shop = podSlice(burstable, "shop", 384 * MIB);
        container(shop, "shop", "app", 368 * MIB, Workloads.breathing(150 * MIB, 306 * MIB, 26_000));
        container(shop, "shop", "proxy", 256 * MIB, Workloads.serving(44, 44 * MIB, 150 * MIB));
    }

    private void systemSlice() {
        Cgroup system = slice(root, "system.slice", UNLIMITED);
        service(system, "containerd.service", 701, Workloads.serving(55, 62 * MIB, 210 * MIB));
        service(system, "kubelet.service", 744, Workloads.serving(66, 71 * MIB, 64 * MIB));
        service(system, "sshd.service", 690, Workloads.idle(4 * MIB, 3 * MIB));
    }

    private void pod(Cgroup qosClass, String name, long max, Workload workload) {
        container(podSlice(qosClass, name, max), name, name, max, workload);
    }

    private Cgroup podSlice(Cgroup qosClass, String name, long max) {
        Cgroup pod = slice(qosClass, KubeletNames.podSlice(qosClass.name(), name), max);
        Cgroup pause = pod.leaf(KubeletNames.scope(name + "/pause"), UNLIMITED, new Tasks(nextPid(), 1));
        run(pause, (age, demand) -> {
            demand.anon = 10 * PAGE;
            demand.threads = 1;
            demand.slabReclaimable = 0;
        });
        return pod;
    }

    private void container(Cgroup slice, String pod, String name, long max, Workload workload) {
        logLinks.put(KubeletNames.logLink(pod, name), KubeletNames.logTarget(pod, name));
        Cgroup scope = slice.leaf(KubeletNames.scope(pod + "/" + name), max, new Tasks(nextPid(), 3));
        scope.groupOom();
        run(scope, workload);
    }

    private void service(Cgroup system, String name, int pid, Workload workload) {
        run(system.leaf(name, UNLIMITED, new Tasks(pid, 1)), workload);
    }

    private Cgroup slice(Cgroup parent, String name, long max) {
        Cgroup slice = parent.slice(name, max);
        cgroups.add(slice);
        return slice;
    }

    private void run(Cgroup leaf, Workload workload) {
        cgroups.add(leaf);
        containers.add(new Container(leaf, workload, memory));
    }

    private int nextPid() {
        return 4_000 + 211 * containers.size();
    }
}
