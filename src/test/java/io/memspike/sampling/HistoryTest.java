package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryStat;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final long MILLI = 1_000_000;

    @TempDir
    Path root;

    @Test
    void shouldKeepEachTickAndOfTheDetailOnlyWhatWasReadInIt() {
        Level level = new Levels(root).workload("/a", null, false);
        History history = new History(new History.Size(10, 10));
        level.stat[MemoryStat.ANON] = 3 * 4096;
        for (int tick = 1; tick <= 4; tick++) {
            level.current = tick * 4096L;
            level.detailAt = tick == 1 || tick == 3 ? tick * MILLI : level.detailAt;
            history.add(level, tick * MILLI);
        }
        assertThat(history.ticks(4 * MILLI)).isDeepEqualTo(new long[][] {{3, 4096}, {2, 8192}, {1, 12288}, {0, 16384}});
        assertThat(history.details(4 * MILLI)).hasNumberOfRows(2);
        assertThat(history.details(4 * MILLI)[1]).startsWith(1, 3 * 4096).hasSize(12);
    }

    @Test
    void shouldHoldMoreThanAMinuteAndNeverTooMuch() {
        assertThat(History.Size.of(50 * MILLI, 200 * MILLI)).isEqualTo(new History.Size(1301, 326));
        assertThat(History.Size.of(MILLI, MILLI)).isEqualTo(new History.Size(8192, 8192));
        assertThat(History.Size.of(10_000 * MILLI, 60_000 * MILLI)).isEqualTo(new History.Size(7, 2));
    }

    /** The slowest that may be asked for. */
    @Test
    void shouldShowTheDetailWhenItIsReadOnceAMinute() {
        Level level = new Levels(root).workload("/a", null, false);
        History history = new History(History.Size.of(50 * MILLI, 60_000 * MILLI));
        level.detailAt = MILLI;
        history.add(level, MILLI);
        assertThat(history.details(MILLI)).hasNumberOfRows(1);
    }
}
