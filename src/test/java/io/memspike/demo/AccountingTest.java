package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the numbers of the tree agree with each other as a kernel's do, over more than one life of the leak. */
class AccountingTest {
    private static final long SIMULATED_MILLIS = 75_000;
    private static final long CHECK_EVERY_MILLIS = 340;

    @TempDir
    private Path base;

    @Test
    void shouldAccountForEveryByteWhenAnyTimeHasPassed() throws IOException {
        try (DemoTree tree = DemoTree.create(base)) {
            for (long at = 0; at < SIMULATED_MILLIS; at += CHECK_EVERY_MILLIS) {
                tree.step(at);
                for (CgroupFiles cgroup : CgroupFiles.all(tree.cgroupRoot())) {
                    checkStat(cgroup);
                }
            }
        }
    }

    @Test
    void shouldSumUpTheChildrenInTheParentWhenAnyTimeHasPassed() throws IOException {
        try (DemoTree tree = DemoTree.create(base)) {
            for (long at = 0; at < SIMULATED_MILLIS; at += CHECK_EVERY_MILLIS) {
                tree.step(at);
                for (CgroupFiles cgroup : CgroupFiles.all(tree.cgroupRoot())) {
                    List<CgroupFiles> children = cgroup.children();
                    if (!children.isEmpty()) {
                        checkSums(cgroup, children);
                    }
                }
            }
        }
    }

    private static void checkStat(CgroupFiles cgroup) throws IOException {
        Map<String, Long> stat = cgroup.keyed("memory.stat");
        long charged = sum(stat, "anon", "file", "kernel", "sock");
        assertThat(stat.values()).as("%s", cgroup).allMatch(value -> value >= 0);
        assertThat(charged % 4096).isZero();
        assertThat(sum(stat, "inactive_file", "active_file", "shmem")).isEqualTo(stat.get("file"));
        assertThat(sum(stat, "inactive_anon", "active_anon")).isEqualTo(sum(stat, "anon", "shmem"));
        assertThat(sum(stat, "slab_reclaimable", "slab_unreclaimable")).isEqualTo(stat.get("slab"));
        assertThat(sum(stat, "kernel_stack", "pagetables", "percpu", "slab")).isLessThanOrEqualTo(stat.get("kernel"));
        assertThat(sum(stat, "pgscan_kswapd", "pgscan_direct", "pgscan_khugepaged"))
                .isEqualTo(stat.get("pgscan"));
        assertThat(sum(stat, "pgsteal_kswapd", "pgsteal_direct", "pgsteal_khugepaged"))
                .isEqualTo(stat.get("pgsteal"))
                .isLessThanOrEqualTo(stat.get("pgscan"));
        if (cgroup.has("memory.current")) {
            long current = cgroup.number("memory.current");
            assertThat(charged).as("%s", cgroup).isEqualTo(current);
            assertThat(current)
                    .isLessThanOrEqualTo(cgroup.number("memory.peak"))
                    .isLessThanOrEqualTo(cgroup.max());
        }
        assertThat(cgroup.fullStalled()).isLessThanOrEqualTo(cgroup.someStalled());
    }

    private static void checkSums(CgroupFiles parent, List<CgroupFiles> children) throws IOException {
        Map<String, Long> stat = parent.keyed("memory.stat");
        for (String key : stat.keySet()) {
            long sum = 0;
            for (CgroupFiles child : children) {
                sum += child.stat(key);
            }
            if (StatKey.GAUGES.contains(StatKey.valueOf(key.toUpperCase(Locale.ROOT)))) {
                assertThat(sum).as("%s of %s", key, parent).isEqualTo(stat.get(key));
            } else {
                // A parent has counted for children that are no more, too.
                assertThat(sum).as("%s of %s", key, parent).isLessThanOrEqualTo(stat.get(key));
            }
        }
        long stalled = 0;
        for (CgroupFiles child : children) {
            stalled = Math.max(stalled, child.someStalled());
        }
        assertThat(stalled).isLessThanOrEqualTo(parent.someStalled());
    }

    private static long sum(Map<String, Long> stat, String... keys) {
        long sum = 0;
        for (String key : keys) {
            sum += stat.get(key);
        }
        return sum;
    }
}
