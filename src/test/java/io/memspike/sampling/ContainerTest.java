package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.testkit.Fixtures;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1 << 20;

    @TempDir
    Path root;

    private Level pod;
    private Level level;

    @BeforeEach
    void makePod() {
        Levels levels = new Levels(root);
        pod = levels.pod(null, false);
        level = levels.workload(Levels.container(1), pod, false);
        Levels.population().add(level, 0);
        java.util.Arrays.fill(level.stat, 0);
        java.util.Arrays.fill(pod.stat, 0);
        pod.max = Value.UNLIMITED;
    }

    @Test
    void shouldCountTheTimeBetweenTwoSamplesWhenBothAreNearTheLimit() {
        level.max = 100 * MIB;
        sample(50, 0);
        sample(90, 1);
        sample(95, 2);
        sample(99, 4);
        sample(89, 5);
        sample(91, 6);
        sample(10, 7);
        assertThat(value(Field.NEAR_LIMIT_NANOS)).isEqualTo(3 * SECOND);
        assertThat(value(Field.NEAR_LIMIT_ENTRIES)).isEqualTo(2);
    }

    @Test
    void shouldBeZeroNotAbsentWhenItNeverCameNearOrHasNoLimit() {
        sample(90, 1);
        assertThat(value(Field.NEAR_LIMIT_NANOS)).isZero();
        assertThat(value(Field.NEAR_LIMIT_ENTRIES)).isZero();
        assertThat(value(Field.LIMIT)).isEqualTo(Value.ABSENT);
        assertThat(value(Field.HEADROOM)).isEqualTo(Value.ABSENT);
    }

    /** A limit that can't be read may be the smallest: to leave it out would be to call it unlimited. */
    @Test
    void shouldSayNothingOfLimitAndHeadroomWhenALevelsLimitCannotBeTold() {
        level.max = 100 * MIB;
        pod.max = Value.ABSENT;
        sample(95, 1);
        assertThat(value(Field.LIMIT)).isEqualTo(Value.ABSENT);
        assertThat(value(Field.HEADROOM)).isEqualTo(Value.ABSENT);
        assertThat(value(Field.NEAR_LIMIT_ENTRIES)).isZero();
        assertThat(value(Field.UNRECLAIMABLE)).isEqualTo(95 * MIB);
        pod.max = Value.UNLIMITED;
        level.max = Value.ABSENT;
        sample(95, 2);
        assertThat(value(Field.LIMIT)).isEqualTo(Value.ABSENT);
        assertThat(value(Field.HEADROOM)).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldNotCountTheTimeInWhichItWasGone() {
        level.max = 100 * MIB;
        sample(95, 1);
        level.container.gone(2 * SECOND);
        level.container.reborn(level, Levels.HISTORY);
        sample(95, 100);
        assertThat(value(Field.NEAR_LIMIT_NANOS)).isZero();
        assertThat(value(Field.NEAR_LIMIT_ENTRIES)).isEqualTo(2);
    }

    /** The pod's limit is larger, and its headroom smaller: the pod will kill. And the other way round. */
    @Test
    void shouldTakeTheLevelWithTheSmallestHeadroomNotTheSmallestLimit() {
        level.max = 100 * MIB;
        pod.max = 150 * MIB;
        pod.current = 148 * MIB;
        pod.derive(0);
        sample(20, 1);
        assertThat(level.nearestLimit()).isSameAs(pod);
        assertThat(value(Field.HEADROOM)).isEqualTo(2 * MIB);
        assertThat(value(Field.LIMIT)).isEqualTo(100 * MIB);
        assertThat(value(Field.NEAR_LIMIT_ENTRIES)).isEqualTo(1);
        pod.current = 40 * MIB;
        pod.derive(0);
        sample(20, 2);
        assertThat(level.nearestLimit()).isSameAs(level);
        assertThat(value(Field.HEADROOM)).isEqualTo(80 * MIB);
        pod.max = 60 * MIB;
        pod.derive(0);
        sample(20, 3);
        assertThat(value(Field.LIMIT)).isEqualTo(60 * MIB);
    }

    /** Container a has 64 MiB of its own and b no limit; the pod killed b at 100 MiB. */
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldTakeThePodsLimitWhenThePodWasCaptured(String kernel) {
        Path captured = Fixtures.dir("risk/" + kernel + "/pod");
        fill(pod, captured.resolve("pod"), 100 * MIB);
        fill(level, captured.resolve("b"), Value.UNLIMITED);
        assertThat(level.nearestLimit()).isSameAs(pod);
        assertThat(level.limit()).isEqualTo(100 * MIB);
        fill(level, captured.resolve("a"), 64 * MIB);
        assertThat(level.nearestLimit()).isSameAs(level);
        assertThat(level.limit()).isEqualTo(64 * MIB);
    }

    @Test
    void shouldKeepTheExtremesOfTheWindowWhenValuesFall() {
        level.max = 100 * MIB;
        level.stat[MemoryStat.INACTIVE_FILE] = MIB;
        sample(80, 1);
        sample(20, 2);
        assertThat(value(Field.CURRENT_PEAK)).isEqualTo(80 * MIB);
        assertThat(value(Field.WORKING_SET_PEAK)).isEqualTo(79 * MIB);
        assertThat(value(Field.UNRECLAIMABLE_PEAK)).isEqualTo(79 * MIB);
        assertThat(value(Field.HEADROOM_LOW)).isEqualTo(21 * MIB);
        sample(30, 1 + 61);
        assertThat(value(Field.CURRENT_PEAK)).isEqualTo(30 * MIB);
        assertThat(value(Field.HEADROOM_LOW)).isEqualTo(71 * MIB);
        assertThat(level.container.history().ticks(62 * SECOND)).isDeepEqualTo(new long[][] {
            {61_000, 80 * MIB}, {60_000, 20 * MIB}, {0, 30 * MIB}
        });
    }

    private void fill(Level filled, Path captured, long max) {
        filled.current = RiskCapturedTest.current(captured);
        System.arraycopy(RiskCapturedTest.stat(captured), 0, filled.stat, 0, MemoryStat.COUNT);
        filled.max = max;
        filled.derive(0);
    }

    private void sample(long mebibytes, long second) {
        level.current = mebibytes * MIB;
        level.derive(0);
        level.container.sampled(level, second * SECOND);
    }

    private long value(Field field) {
        long[] values = new long[Field.COUNT];
        level.container.copyTo(values, 0);
        return values[field.ordinal()];
    }
}
