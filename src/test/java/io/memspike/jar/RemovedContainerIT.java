package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a container when its cgroup goes, and comes again. */
final class RemovedContainerIT {
    private static final String POD = "/kubepods.slice/kubepods-burstable.slice/"
            + "kubepods-burstable-podd0970148_dac4_5119_a876_c5f706dbcae4.slice";
    private static final String ID = "8addd631080e53f93f4161c3a8bb21aa05aa440cd7a825f14a8a9e48f902606c";
    private static final String SCOPE = POD + "/cri-containerd-" + ID + ".scope";
    private static final String NEIGHBOUR = "9a2be64ef87a8875c0a77ca3f7e950cb46c545e19a8e621e5f422633b80ed779";

    private static final Set<String> OF_NOW = Set.of(
            "memspike_memory_current_bytes",
            "memspike_memory_working_set_bytes",
            "memspike_memory_anon_risk_bytes",
            "memspike_memory_unreclaimable_bytes",
            "memspike_memory_headroom_bytes",
            "memspike_memory_anon_bytes",
            "memspike_memory_file_bytes",
            "memspike_memory_shmem_bytes",
            "memspike_memory_kernel_bytes");

    @TempDir
    Path temp;

    @Test
    void shouldKeepPeaksAndCountersWhenTheCgroupIsRemovedAndGoOnWhenItIsMadeAgain() throws IOException {
        Node node = Node.copy(Node.K8S, temp);
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has("memspike_pressure_stalled_peak_ratio", ID));
            node.write(SCOPE, "memory.events", events(3, 1));
            awaitValue(jar, "memspike_oom_kills_total", 1);
            awaitValue(jar, "memspike_memory_limit_hits_total", 3);
            Scrape alive = jar.scrape();

            node.remove(SCOPE);
            await().atMost(ShippedJar.PATIENCE).until(() -> !jar.scrape().has("memspike_memory_current_bytes", ID));
            Scrape dead = jar.scrape();
            Set<String> left = names(alive);
            assertThat(left).containsAll(OF_NOW);
            left.removeAll(OF_NOW);
            assertThat(names(dead)).isEqualTo(left);
            for (String name : left) {
                if (!name.equals("memspike_memory_near_limit_seconds_total")) {
                    assertThat(dead.value(name, ID)).as(name).isEqualTo(alive.value(name, ID));
                }
            }
            assertThat(dead.value("memspike_memory_unreclaimable_peak_bytes", ID))
                    .isEqualTo(63160320);
            // It is still shown, and so counted.
            assertThat(dead.value("memspike_containers")).isEqualTo(17);
            assertThat(dead.has("memspike_memory_current_bytes", NEIGHBOUR)).isTrue();

            Node.copyTree(Node.K8S.resolve("cgroup" + SCOPE), node.cgroup(SCOPE));
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has("memspike_memory_current_bytes", ID));
            await().atMost(ShippedJar.PATIENCE)
                    .untilAsserted(() -> assertThat(names(jar.scrape())).isEqualTo(names(alive)));
            assertThat(jar.scrape().value("memspike_oom_kills_total", ID)).isEqualTo(1);
            node.write(SCOPE, "memory.events", events(2, 1));
            awaitValue(jar, "memspike_oom_kills_total", 2);
            awaitValue(jar, "memspike_memory_limit_hits_total", 5);
            awaitValue(jar, "memspike_oom_incidents_total", 2);
        }
    }

    /** The kernel removes a killed container's cgroup before anyone reads its events: its pod's tell of the kill. */
    @Test
    void shouldCountTheKillWhenTheCgroupIsRemovedBeforeItsEventsAreRead() throws IOException {
        Node node = Node.copy(Node.K8S, temp);
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            await().atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().has("memspike_oom_kills_total", ID));
            node.write(POD, "memory.events", events(0, 1));
            node.remove(SCOPE);
            awaitValue(jar, "memspike_oom_kills_total", 1);
            assertThat(jar.scrape().value("memspike_oom_kills_total", NEIGHBOUR))
                    .isZero();
            assertThat(jar.scrape().value("memspike_oom_last_kill_timestamp_seconds", ID))
                    .isCloseTo(System.currentTimeMillis() / 1000.0, org.assertj.core.data.Offset.offset(30.0));
        }
    }

    /** As in the simulated node; the walk that would find it otherwise comes every ten seconds. */
    @Test
    void shouldSampleAtOnceWhenTheFilesComeAfterTheDirectory() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        String late = "/system.slice/late.service";
        try (ShippedJar jar = ShippedJar.on(temp).ready()) {
            Files.createDirectory(node.cgroup(late));
            // Until the new directory itself has been seen: one made after it has.
            node.make(Node.CALM, "/system.slice/after.service");
            await().atMost(ShippedJar.PATIENCE)
                    .until(() -> jar.scrape().has("memspike_memory_current_bytes", "/system.slice/after.service"));
            node.make(Node.CALM, late);
            await().atMost(Duration.ofSeconds(3)).until(() -> jar.scrape().has("memspike_memory_current_bytes", late));
        }
    }

    private static String events(int max, int kills) {
        return "low 0\nhigh 0\nmax " + max + "\noom " + kills + "\noom_kill " + kills + "\noom_group_kill " + kills
                + "\n";
    }

    private static void awaitValue(ShippedJar jar, String name, double expected) {
        await(name).atMost(ShippedJar.PATIENCE).until(() -> jar.scrape().value(name, ID) == expected);
    }

    /** The workload series of the container. */
    private static Set<String> names(Scrape scrape) {
        Set<String> names = new TreeSet<>();
        for (String series : scrape.samples().keySet()) {
            if (series.contains("container=\"" + ID)) {
                names.add(series.substring(0, series.indexOf('{')));
            }
        }
        return names;
    }
}
