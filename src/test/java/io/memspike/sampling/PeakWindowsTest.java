package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.testkit.Allocations;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeakWindowsTest {
    private static final int WINDOW = 60;

    private final PeakWindows windows = new PeakWindows(2, WINDOW);

    @Test
    void shouldBeAbsentWhenNothingWasSeen() {
        assertThat(windows.highest(0)).isEqualTo(Value.ABSENT);
        windows.advance(5);
        windows.accept(0, Value.ABSENT);
        assertThat(windows.highest(0)).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldForgetExactlyWhenTheWindowHasPassed() {
        windows.advance(100);
        windows.accept(0, 7);
        windows.accept(1, -3);
        for (long second = 100; second <= 100 + WINDOW; second++) {
            windows.advance(second);
            assertThat(windows.highest(0)).as("second %d", second).isEqualTo(7);
            assertThat(windows.highest(1)).isEqualTo(-3);
        }
        windows.advance(100 + WINDOW + 1);
        assertThat(windows.highest(0)).isEqualTo(Value.ABSENT);
        assertThat(windows.highest(1)).isEqualTo(Value.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(longs = {WINDOW + 1, WINDOW + 2, 10 * WINDOW, Long.MAX_VALUE - 200})
    void shouldForgetAllWhenTheGapIsLongerThanTheWindow(long gap) {
        windows.advance(100);
        windows.accept(0, 7);
        windows.advance(100 + gap);
        assertThat(windows.highest(0)).isEqualTo(Value.ABSENT);
        windows.accept(0, 2);
        assertThat(windows.highest(0)).isEqualTo(2);
    }

    @Test
    void shouldChangeNothingWhenItIsReadOrTheClockStandsStill() {
        windows.advance(100);
        windows.accept(0, 7);
        windows.advance(100);
        windows.advance(99);
        for (int i = 0; i < 10; i++) {
            assertThat(windows.highest(0)).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldEqualTheSearchOfAllSamplesWhenTimesAndValuesAreRandom(long seed) {
        Random random = new Random(seed);
        int samples = 3000;
        long[] at = new long[samples];
        long[] value = new long[samples];
        long now = 1_000_000;
        for (int i = 0; i < samples; i++) {
            now += random.nextInt(50) == 0 ? random.nextInt(200) : random.nextInt(3);
            at[i] = now;
            value[i] = random.nextInt(10) == 0 ? Value.ABSENT : random.nextInt(1000) - 500;
            windows.advance(now);
            windows.accept(0, value[i]);
            // The lowest is kept as the highest of the negated.
            windows.accept(1, value[i] == Value.ABSENT ? value[i] : -value[i]);
            long highest = Value.ABSENT;
            long lowest = Value.ABSENT;
            for (int j = 0; j <= i; j++) {
                if (now - at[j] <= WINDOW && value[j] != Value.ABSENT) {
                    highest = Math.max(highest, value[j]);
                    lowest = Math.max(lowest, -value[j]);
                }
            }
            assertThat(windows.highest(0)).isEqualTo(highest);
            assertThat(windows.highest(1)).isEqualTo(lowest);
        }
    }

    @Test
    void shouldAllocateNothingWhenTheWindowMoves() {
        long[] now = {0};
        assertThat(Allocations.of(10_000, () -> {
                    windows.advance(now[0]++);
                    windows.accept(0, now[0]);
                    windows.highest(0);
                }))
                .isZero();
    }
}
