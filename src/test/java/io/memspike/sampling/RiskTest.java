package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RiskTest {
    private static final long ABSENT = Value.ABSENT;

    private final long[] stat = new long[MemoryStat.COUNT];

    @ParameterizedTest
    @ValueSource(
            ints = {
                MemoryStat.INACTIVE_FILE,
                MemoryStat.ACTIVE_FILE,
                MemoryStat.SLAB_RECLAIMABLE,
                MemoryStat.INACTIVE_ANON,
                MemoryStat.ACTIVE_ANON
            })
    void shouldBeAbsentWhenAnInputOfUnreclaimableIs(int input) {
        assertThat(Risk.unreclaimable(100, stat, 0)).isEqualTo(100);
        stat[input] = ABSENT;
        assertThat(Risk.unreclaimable(100, stat, 0)).isEqualTo(ABSENT);
    }

    @Test
    void shouldBeAbsentWhenAnyInputIs() {
        assertThat(Risk.unreclaimable(ABSENT, stat, 0)).isEqualTo(ABSENT);
        assertThat(Risk.unreclaimable(1, stat, ABSENT)).isEqualTo(ABSENT);
        assertThat(Risk.workingSet(ABSENT, stat)).isEqualTo(ABSENT);
        assertThat(Risk.anonRisk(ABSENT, stat)).isEqualTo(ABSENT);
        stat[MemoryStat.SHMEM] = ABSENT;
        assertThat(Risk.anonRisk(1, stat)).isEqualTo(ABSENT);
        stat[MemoryStat.SHMEM] = 0;
        stat[MemoryStat.FILE] = ABSENT;
        assertThat(Risk.anonRisk(1, stat)).isEqualTo(ABSENT);
        stat[MemoryStat.INACTIVE_FILE] = ABSENT;
        assertThat(Risk.workingSet(1, stat)).isEqualTo(ABSENT);
        assertThat(Risk.headroom(ABSENT, 1)).isEqualTo(ABSENT);
        assertThat(Risk.headroom(Value.UNLIMITED, 1)).isEqualTo(ABSENT);
        assertThat(Risk.headroom(1, ABSENT)).isEqualTo(ABSENT);
        assertThat(Risk.nearLimit(ABSENT, 100)).isFalse();
    }

    /** memory.stat may lag behind memory.current, by which a difference can fall below nothing. */
    @Test
    void shouldBeZeroWhenTheStatIsOfAnEarlierMoment() {
        stat[MemoryStat.FILE] = 300;
        stat[MemoryStat.SHMEM] = 10;
        stat[MemoryStat.INACTIVE_FILE] = 300;
        assertThat(Risk.unreclaimable(200, stat, 0)).isZero();
        assertThat(Risk.workingSet(200, stat)).isZero();
        assertThat(Risk.anonRisk(200, stat)).isZero();
    }

    @Test
    void shouldTakeOffWhatSwapTakesAndNoMoreThanThereIsAnon() {
        stat[MemoryStat.INACTIVE_ANON] = 30;
        stat[MemoryStat.ACTIVE_ANON] = 20;
        assertThat(Risk.unreclaimable(100, stat, 0)).isEqualTo(100);
        assertThat(Risk.unreclaimable(100, stat, 40)).isEqualTo(60);
        assertThat(Risk.unreclaimable(100, stat, 1000)).isEqualTo(50);
        assertThat(Risk.unreclaimable(100, stat, Long.MAX_VALUE)).isEqualTo(50);
    }

    @Test
    void shouldAllowTheLeastSwapOfAllLevels() {
        assertThat(Risk.swapRoom(100, Value.UNLIMITED, 70)).isEqualTo(100);
        assertThat(Risk.swapRoom(100, 80, 50)).isEqualTo(30);
        assertThat(Risk.swapRoom(20, 80, 50)).isEqualTo(20);
        assertThat(Risk.swapRoom(100, 0, 0)).isZero();
        assertThat(Risk.swapRoom(100, 10, 50)).as("lowered below what is used").isZero();
        assertThat(Risk.swapRoom(100, ABSENT, 0)).isEqualTo(ABSENT);
        assertThat(Risk.swapRoom(100, 80, ABSENT)).isEqualTo(ABSENT);
        assertThat(Risk.swapRoom(ABSENT, Value.UNLIMITED, 0)).isEqualTo(ABSENT);
    }

    @Test
    void shouldBeNearWhenATenthOfTheLimitIsLeftOrLess() {
        assertThat(Risk.nearLimit(101, 1000)).isFalse();
        assertThat(Risk.nearLimit(100, 1000)).isTrue();
        assertThat(Risk.nearLimit(-5, 1000)).isTrue();
        assertThat(Risk.headroom(100, 130)).as("limit lowered").isEqualTo(-30);
    }
}
