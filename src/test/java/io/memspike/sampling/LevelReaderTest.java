package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.linux.Meminfo;
import io.memspike.testkit.CgroupFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are read when, and what follows from what they say; time is ours. */
class LevelReaderTest {
    private static final long MILLI = 1_000_000;
    private static final long MIB = 1 << 20;
    private static final String A = Levels.container(1);

    @TempDir
    Path root;

    private final SourceErrors errors = new SourceErrors();
    private final Population population = Levels.population();
    private LevelReader reader;
    private CgroupFiles files;
    private Level level;

    @BeforeEach
    void makeContainer() throws IOException {
        Files.writeString(root.resolve("meminfo"), "MemTotal: 1 kB\nSwapFree: 0 kB\n");
        reader = new LevelReader(200 * MILLI, new Meminfo(root), errors, new Kills(() -> 1, kill -> {}));
        reader.readNode(-2_000 * MILLI);
        Files.writeString(root.resolve("meminfo"), "MemTotal: 1 kB\nSwapFree: 1048576 kB\n");
        Levels levels = new Levels(root.resolve("cgroup"));
        files = levels.files;
        level = levels.workload(A, null, false);
        population.add(level, 0);
    }

    @Test
    void shouldReadTheDetailInTheSameTickWhenCurrentJumps() {
        files.current(A, 10 * MIB);
        read(0);
        read(200);
        files.current(A, 50 * MIB).stat(A, "inactive_file", 30 * MIB);
        read(250);
        assertThat(level.unreclaimable).isEqualTo(20 * MIB);
        files.current(A, 90 * MIB).stat(A, "inactive_file", 40 * MIB);
        read(251);
        assertThat(level.unreclaimable).isEqualTo(50 * MIB);
    }

    @Test
    void shouldNotReadTheDetailEarlyWhenCurrentMovesByLessThanAMebibyteOrAHundredth() {
        files.max(A, 1000 * MIB).current(A, 100 * MIB);
        read(0);
        read(200);
        files.stat(A, "inactive_file", 7);
        files.current(A, 110 * MIB);
        read(201);
        assertThat(level.stat[MemoryStat.INACTIVE_FILE]).as("one hundredth").isZero();
        files.current(A, 110 * MIB + 4096);
        read(202);
        assertThat(level.stat[MemoryStat.INACTIVE_FILE]).isEqualTo(7);
    }

    @Test
    void shouldReadTheDetailSeldomerUpToASecondWhenIdleAndSoonAgainWhenNot() {
        files.current(A, 10 * MIB);
        List<Long> idle = detailsUntil(0, 10_000);
        assertThat(gaps(idle)).endsWith(1000L, 1000L).isSorted().startsWith(idle.get(1), 400L, 800L, 1000L);
        files.current(A, 10 * MIB + 512 * 1024);
        assertThat(detailsUntil(10_000, 10_350)).containsExactly(10_000L, 10_200L);
    }

    @Test
    void shouldGoOnReadingTheDetailWhenItIsIdleNearTheLimit() {
        files.current(A, 95 * MIB).max(A, 100 * MIB);
        List<Long> at = detailsUntil(0, 4000);
        assertThat(at).hasSizeBetween(19, 22);
    }

    @Test
    void shouldNotReadPressureFasterThanEvery200Millis() {
        files.current(A, 10 * MIB);
        long[] seen = new long[1];
        int changes = 0;
        for (int millis = 0; millis <= 2000; millis += 10) {
            // Each tick is a jump, so that the detail is read in each.
            files.current(A, 10 * MIB + millis % 20 * MIB).pressure(A, 1000L + millis, 500L + millis);
            read(millis);
            if (level.pressure[1] != seen[0]) {
                seen[0] = level.pressure[1];
                changes++;
            }
        }
        assertThat(changes).isEqualTo(11);
        assertThat(value(Field.STALLED_MICROS)).isEqualTo(2000);
        assertThat(value(Field.WAITING_MICROS)).isEqualTo(2000);
        assertThat(value(Field.STALLED_PEAK_PPM)).isEqualTo(1000);
    }

    @Test
    void shouldSeeANewLimitWithinASecondWhenThePodIsResized() {
        files.max(A, 100 * MIB);
        read(0);
        assertThat(level.max).isEqualTo(100 * MIB);
        files.max(A, 50 * MIB);
        for (int millis = 50; millis <= 1000; millis += 50) {
            read(millis);
        }
        assertThat(level.max).isEqualTo(50 * MIB);
        files.write(A, "memory.max", "max\n");
        for (int millis = 1050; millis <= 2000; millis += 50) {
            read(millis);
        }
        assertThat(level.max).isEqualTo(Value.UNLIMITED);
        assertThat(level.headroom).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldReadEventsAtOnceWhenTheKernelNotifies() {
        read(0);
        read(300);
        files.events(A, 0, 0, 1, 0);
        read(310);
        assertThat(value(Field.OOM_KILLS)).isZero();
        level.eventsModified = true;
        read(320);
        assertThat(value(Field.OOM_KILLS)).isEqualTo(1);
        assertThat(level.eventsModified).isFalse();
    }

    /** At the limit a burst drives out page cache, and current stays as it is. */
    @Test
    void shouldReadTheDetailAtOnceWhenTheKernelNotifiesThoughCurrentStandsStill() {
        files.current(A, 90 * MIB).stat(A, "inactive_file", 80 * MIB);
        read(0);
        read(1000);
        files.stat(A, "inactive_file", 10 * MIB);
        read(1001);
        assertThat(level.unreclaimable).isEqualTo(10 * MIB);
        level.eventsModified = true;
        read(1002);
        assertThat(level.unreclaimable).isEqualTo(80 * MIB);
        assertThat(level.eventsModified).isFalse();
    }

    @Test
    void shouldTakeOffSwapOnlyWhereTheLevelMayUseIt() {
        files.current(A, 10 * MIB).stat(A, "active_anon", 8 * MIB);
        reader.readNode(0);
        read(0);
        assertThat(level.unreclaimable).isEqualTo(2 * MIB);
        files.write(A, "memory.swap.max", MIB + "\n");
        for (int millis = 50; millis <= 1000; millis += 50) {
            read(millis);
        }
        assertThat(level.unreclaimable).isEqualTo(9 * MIB);
    }

    /** At which milliseconds memory.stat was read, found by what it says. */
    private List<Long> detailsUntil(long from, long to) {
        List<Long> at = new ArrayList<>();
        for (long millis = from; millis < to; millis += 50) {
            files.stat(A, "pgmajfault", millis + 1);
            read(millis);
            if (level.stat[MemoryStat.PGMAJFAULT] == millis + 1) {
                at.add(millis);
            }
        }
        return at;
    }

    private static List<Long> gaps(List<Long> at) {
        List<Long> gaps = new ArrayList<>();
        for (int i = 1; i < at.size(); i++) {
            gaps.add(at.get(i) - at.get(i - 1));
        }
        return gaps;
    }

    private void read(long millis) {
        reader.read(level, millis * MILLI);
        level.container.sampled(level, millis * MILLI);
    }

    private long value(Field field) {
        long[] values = new long[Field.COUNT];
        level.container.copyTo(values, 0);
        return values[field.ordinal()];
    }
}
