package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.linux.Meminfo;
import io.memspike.testkit.CgroupFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file that can't be read never spoils what the others say. */
class BrokenFilesTest {
    private static final long MILLI = 1_000_000;
    private static final long MIB = 1 << 20;
    private static final String A = Levels.container(1);

    @TempDir
    Path root;

    private final SourceErrors errors = new SourceErrors();
    private final Population population = Levels.population();
    private LevelReader reader;
    private Levels levels;
    private CgroupFiles files;

    @BeforeEach
    void makeContainer() {
        writeMeminfo("SwapTotal: 0 kB\nSwapFree: 0 kB\n");
        reader = new LevelReader(200 * MILLI, new Meminfo(root), errors, new Kills(() -> 1, kill -> {}));
        reader.readNode(-2_000_000_000L);
        levels = new Levels(root.resolve("cgroup"));
        files = levels.files.make(A).current(A, 10 * MIB).max(A, 100 * MIB);
    }

    @Test
    void shouldGoOnWithCurrentAndCountWhenMemoryStatIsMalformed() {
        Level level = open();
        read(level, 0);
        assertThat(level.headroom).isEqualTo(90 * MIB);
        files.write(A, "memory.stat", "anon 12").current(A, 20 * MIB);
        read(level, 1000);
        assertThat(value(level, Field.CURRENT)).isEqualTo(20 * MIB);
        assertThat(value(level, Field.UNRECLAIMABLE)).isEqualTo(Value.ABSENT);
        assertThat(value(level, Field.ANON)).isEqualTo(Value.ABSENT);
        assertThat(value(level, Field.HEADROOM)).isEqualTo(Value.ABSENT);
        assertThat(value(level, Field.LIMIT)).isEqualTo(100 * MIB);
        assertThat(counted()).containsExactly(Map.entry("memory.stat malformed", 1L));
        files.stat(A, "anon", 5);
        read(level, 2000);
        assertThat(value(level, Field.UNRECLAIMABLE)).isEqualTo(20 * MIB);
    }

    @Test
    void shouldBeMalformedWhenMemoryCurrentSaysMax() {
        files.write(A, "memory.current", "max\n");
        Level level = open();
        read(level, 0);
        assertThat(value(level, Field.CURRENT)).isEqualTo(Value.ABSENT);
        assertThat(counted()).containsExactly(Map.entry("memory.current malformed", 1L));
    }

    @Test
    void shouldBeAbsentAloneWhenMemoryCurrentIsMalformed() {
        Level level = open();
        read(level, 0);
        files.write(A, "memory.current", "\n");
        read(level, 50);
        assertThat(value(level, Field.CURRENT)).isEqualTo(Value.ABSENT);
        assertThat(value(level, Field.WORKING_SET)).isEqualTo(Value.ABSENT);
        assertThat(value(level, Field.CURRENT_PEAK)).isEqualTo(10 * MIB);
        assertThat(level.gone).isFalse();
        assertThat(counted()).containsEntry("memory.current malformed", 1L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory.peak",
                "memory.oom.group",
                "memory.swap.max",
                "memory.swap.current",
                "memory.pressure",
                "cgroup.events",
                "memory.max"
            })
    void shouldBeQuietWhenTheKernelHasNoSuchFile(String file) {
        files.delete(A, file);
        Level level = open();
        read(level, 0);
        read(level, 2000);
        assertThat(value(level, Field.CURRENT)).isEqualTo(10 * MIB);
        assertThat(value(level, Field.UNRECLAIMABLE)).isEqualTo(10 * MIB);
        assertThat(counted()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory.current", "memory.stat", "memory.events"})
    void shouldCountWhenAFileIsMissingThatEveryKernelHas(String file) {
        files.delete(A, file);
        Level level = open();
        read(level, 0);
        assertThat(counted()).containsOnlyKeys(file + " absent");
        assertThat(level.gone).isFalse();
    }

    /** As cgroup.pressure does when 0 is written to it: the file goes, and the cgroup stays. */
    @ParameterizedTest
    @ValueSource(strings = {"memory.pressure", "memory.peak"})
    void shouldGoOnWhenOnlyAnOptionalFileIsGone(String file) {
        files.delete(A, file).mkdir(A + "/" + file);
        Level level = open();
        files.remove(A + "/" + file);
        read(level, 0);
        assertThat(level.gone).isFalse();
        assertThat(value(level, Field.UNRECLAIMABLE)).isEqualTo(10 * MIB);
    }

    @Test
    void shouldBeGoneWhenMemoryCurrentIs() {
        files.delete(A, "memory.current").mkdir(A + "/memory.current");
        Level level = open();
        files.remove(A + "/memory.current");
        reader.read(level, 0);
        assertThat(level.gone).isTrue();
        assertThat(counted()).isEmpty();
    }

    @Test
    void shouldCountWhenMeminfoIsMissing() {
        reader = new LevelReader(
                200 * MILLI, new Meminfo(root.resolve("cgroup")), errors, new Kills(() -> 1, kill -> {}));
        reader.readNode(0);
        reader.readNode(999 * MILLI);
        assertThat(counted()).containsExactly(Map.entry("meminfo absent", 1L));
        reader.readNode(1000 * MILLI);
        assertThat(counted()).containsExactly(Map.entry("meminfo absent", 2L));
    }

    private Level open() {
        Level level = levels.level(A, Level.Kind.WORKLOAD, null, false);
        population.add(level, 0);
        return level;
    }

    private void read(Level level, long millis) {
        reader.read(level, millis * MILLI);
        level.container.sampled(level, millis * MILLI);
    }

    private Map<String, Long> counted() {
        Map<String, Long> counted = new TreeMap<>();
        errors.forEach((source, outcome, count) -> counted.put(source + " " + outcome, count));
        return counted;
    }

    private static long value(Level level, Field field) {
        long[] values = new long[Field.COUNT];
        level.container.copyTo(values, 0);
        return values[field.ordinal()];
    }

    private void writeMeminfo(String text) {
        try {
            Files.writeString(root.resolve("meminfo"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
