package io.memspike.demo;

import static io.memspike.demo.Bytes.MIB;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryControllerTest {
    private final MemoryController memory = new MemoryController();
    private final Cgroup root = new Cgroup();
    private final Cgroup pod = root.slice("pod", 100 * MIB);
    private final Cgroup one = leaf("one", Cgroup.UNLIMITED);
    private final Cgroup two = leaf("two", 60 * MIB);

    @Test
    void shouldReclaimCacheOfASiblingWhenTheParentsLimitIsInTheWay() {
        memory.read(two, 50 * MIB, 50);

        memory.resize(one, StatKey.ANON, 80 * MIB);

        assertThat(one.stat(StatKey.ANON)).isEqualTo(80 * MIB);
        assertThat(two.current()).isLessThanOrEqualTo(20 * MIB);
        assertThat(two.evicted()).isEqualTo(50 * MIB - two.current());
        assertThat(pod.events().get(EventKey.MAX)).isPositive();
        assertThat(one.events().get(EventKey.MAX)).isZero();
        assertThat(pod.events().get(EventKey.OOM)).isZero();
    }

    @Test
    void shouldCountAtTheCgroupAndAboveWhenItsOwnLimitIsInTheWay() {
        memory.read(two, 70 * MIB, 50);

        assertThat(two.current()).isBetween(58 * MIB, 60 * MIB);
        assertThat(two.events().get(EventKey.MAX)).isPositive();
        assertThat(pod.events().get(EventKey.MAX)).isEqualTo(two.events().get(EventKey.MAX));
        assertThat(two.killed()).isFalse();
    }

    @Test
    void shouldKillTheLargestWhenNothingCanBeReclaimed() {
        memory.resize(one, StatKey.ANON, 70 * MIB);

        memory.resize(two, StatKey.ANON, 40 * MIB);

        assertThat(one.killed()).isTrue();
        assertThat(two.killed()).isFalse();
        assertThat(one.events().get(EventKey.OOM)).isZero();
        assertThat(one.events().get(EventKey.OOM_KILL)).isEqualTo(1);
        assertThat(pod.events().get(EventKey.OOM)).isEqualTo(1);
        assertThat(pod.events().get(EventKey.OOM_KILL)).isEqualTo(1);
    }

    @Test
    void shouldWaitForTheVictimWhenItHasNotFreedItsMemoryYet() {
        memory.resize(one, StatKey.ANON, 70 * MIB);
        memory.resize(two, StatKey.ANON, 40 * MIB);

        memory.resize(two, StatKey.ANON, 40 * MIB);

        assertThat(two.killed()).isFalse();
        assertThat(pod.current()).isEqualTo(100 * MIB);
        one.free();
        memory.resize(two, StatKey.ANON, 40 * MIB);
        assertThat(two.stat(StatKey.ANON)).isEqualTo(40 * MIB);
        assertThat(pod.events().get(EventKey.OOM_KILL)).isEqualTo(1);
    }

    @Test
    void shouldReclaimNoSharedMemoryWhenThereIsNoSwap() {
        memory.resize(two, StatKey.SHMEM, 59 * MIB);

        memory.read(two, 10 * MIB, 50);

        assertThat(two.stat(StatKey.SHMEM)).isEqualTo(59 * MIB);
        assertThat(two.stat(StatKey.FILE)).isLessThanOrEqualTo(60 * MIB);
        assertThat(two.killed()).isFalse();
    }

    @Test
    void shouldRefaultAndStallWhenReclaimedPagesAreReadAgain() {
        memory.read(two, 50 * MIB, 50);
        memory.resize(one, StatKey.ANON, 80 * MIB);
        memory.resize(one, StatKey.ANON, 0);
        assertThat(two.stat(StatKey.WORKINGSET_REFAULT_FILE)).isZero();

        memory.read(two, 30 * MIB, 50);

        assertThat(two.stat(StatKey.WORKINGSET_REFAULT_FILE)).isEqualTo(30 * MIB / 4096);
        assertThat(two.stat(StatKey.PGMAJFAULT)).isPositive();
        two.settle(20, 20);
        Text text = new Text();
        two.pressure().appendTo(text);
        assertThat(TextTest.content(text)).contains("total=20000\n");
    }

    private Cgroup leaf(String name, long max) {
        return pod.leaf(name, max, new Tasks(100, 1));
    }
}
