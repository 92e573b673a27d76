package io.memspike.demo;

import static io.memspike.demo.Bytes.MIB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each simulated service is there to show, read from its files. */
class ServicesTest {
    @TempDir
    private Path base;

    private DemoTree tree;

    @BeforeEach
    void makeTree() throws IOException {
        tree = DemoTree.create(base);
    }

    @AfterEach
    void closeTree() throws IOException {
        tree.close();
    }

    @Test
    void shouldRiseWithin50MillisAndLast200To500WhenAServiceBursts() throws IOException {
        CgroupFiles container = burstable("burst").container("burst/burst");
        long high = container.max() * 85 / 100;
        List<Long> lengths = new ArrayList<>();
        long calmBefore = 0;
        long began = -1;
        for (long at = 20; at <= 60_000; at += 20) {
            tree.step(at);
            long current = container.number("memory.current");
            if (current > high && began < 0) {
                began = at;
                assertThat(at - calmBefore).isLessThan(50);
                assertThat(container.stat("anon")).isGreaterThan(high * 9 / 10);
            } else if (current <= high && began >= 0) {
                lengths.add(at - began);
                began = -1;
            }
            if (current < container.max() * 65 / 100) {
                calmBefore = at;
            }
        }
        assertThat(lengths).hasSizeBetween(7, 9).allMatch(length -> length >= 200 && length <= 500);
        assertThat(container.number("memory.peak")).isCloseTo(container.max() * 93 / 100, within(2 * MIB));
        assertThat(container.events("max")).isZero();
    }

    @Test
    void shouldHideFromAnonRiskWhenTmpfsFills() throws IOException {
        CgroupFiles container = burstable("scratch").container("scratch/scratch");
        long most = 0;
        long least = Long.MAX_VALUE;
        for (long at = 100; at <= 40_000; at += 100) {
            tree.step(at);
            long shmem = container.stat("shmem");
            most = Math.max(most, shmem);
            least = Math.min(least, shmem);
            if (shmem > 16 * MIB) {
                assertThat(container.number("memory.current") - container.stat("file") - shmem)
                        .isNegative();
            }
        }
        assertThat(most).isCloseTo(container.max() * 85 / 100, within(MIB));
        assertThat(least).isZero();
    }

    @Test
    void shouldHitItsLimitWithoutDangerWhenCacheFillsIt() throws IOException {
        CgroupFiles pod = burstable("scan");
        CgroupFiles container = pod.container("scan/scan");
        tree.step(1_000);
        long hits = pod.events("max");
        long refaults = container.stat("workingset_refault_file");
        long stalled = pod.someStalled();

        tree.step(7_000);

        assertThat(pod.events("max")).isGreaterThan(hits);
        assertThat(container.stat("workingset_refault_file")).isGreaterThan(refaults);
        assertThat(pod.someStalled()).isGreaterThan(stalled);
        long cache = container.stat("inactive_file") + container.stat("active_file");
        assertThat(cache).isGreaterThan(pod.max() * 94 / 100);
        assertThat(container.stat("file_dirty")).isZero();
        assertThat(container.number("memory.current") - cache).isLessThan(32 * MIB);
        assertThat(pod.events("oom")).isZero();
        // The pod holds the pause container besides, so its limit is reached first.
        assertThat(container.events("max")).isZero();
    }

    @Test
    void shouldReachThePodsLimitFirstWhenItIsSmallerThanItsContainers() throws IOException {
        CgroupFiles pod = burstable("shop");
        long hits = pod.events("max");
        boolean near = false;
        for (long at = 200; at <= 30_000; at += 200) {
            tree.step(at);
            long unreclaimable = pod.number("memory.current") - pod.stat("inactive_file") - pod.stat("active_file");
            near |= unreclaimable - pod.stat("slab_reclaimable") > pod.max() * 90 / 100;
            for (String name : List.of("shop/app", "shop/proxy")) {
                CgroupFiles container = pod.container(name);
                assertThat(container.number("memory.current")).isLessThan(container.max() * 90 / 100);
                assertThat(container.events("max")).isZero();
            }
        }
        assertThat(near).isTrue();
        assertThat(pod.events("max")).isGreaterThan(hits);
        assertThat(pod.events("oom")).isZero();
    }

    @Test
    void shouldClimbAndDropWhenAHeapIsCollected() throws IOException {
        CgroupFiles kubepods = new CgroupFiles(tree.cgroupRoot().resolve("kubepods.slice"));
        CgroupFiles container = new CgroupFiles(
                        kubepods.directory().resolve(KubeletNames.podSlice("kubepods.slice", "java")))
                .container("java/java");
        long most = 0;
        long least = Long.MAX_VALUE;
        for (long at = 100; at <= 26_000; at += 100) {
            tree.step(at);
            most = Math.max(most, container.number("memory.current"));
            least = Math.min(least, container.number("memory.current"));
        }
        assertThat(least).isCloseTo(700 * MIB, within(20 * MIB));
        assertThat(most).isCloseTo(1300 * MIB, within(20 * MIB));
        assertThat(container.stat("anon_thp")).isPositive();
    }

    @Test
    void shouldStayCalmWhenAServiceIsSteady() throws IOException {
        CgroupFiles container = burstable("web").container("web/web");
        for (long at = 200; at <= 20_000; at += 200) {
            tree.step(at);
            assertThat(container.number("memory.current")).isCloseTo(220 * MIB, within(10 * MIB));
        }
        assertThat(container.max()).isEqualTo(512 * MIB);
    }

    @Test
    void shouldSayMaxWhenThereIsNoLimit() throws IOException {
        Path besteffort = tree.cgroupRoot().resolve("kubepods.slice").resolve("kubepods-besteffort.slice");
        CgroupFiles pod =
                new CgroupFiles(besteffort.resolve(KubeletNames.podSlice("kubepods-besteffort.slice", "report")));

        assertThat(pod.text("memory.max")).isEqualTo("max\n");
        assertThat(pod.container("report/report").text("memory.max")).isEqualTo("max\n");
    }

    private CgroupFiles burstable(String pod) {
        return CgroupFiles.burstablePod(tree.cgroupRoot(), pod);
    }
}
