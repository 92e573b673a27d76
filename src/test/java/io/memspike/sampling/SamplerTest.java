package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.testkit.Allocations;
import io.memspike.testkit.CgroupFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole ticks on a tree of files, with a clock of our own. */
class SamplerTest {
    private static final long MILLI = 1_000_000;
    private static final long MIB = 1 << 20;
    private static final String A = Levels.container(1);

    @TempDir
    Path root;

    private Sampler sampler;
    private Levels levels;
    private CgroupFiles files;
    private Level pod;
    private long now;

    @BeforeEach
    void makeSampler() throws IOException {
        Files.writeString(root.resolve("meminfo"), "MemTotal: 1 kB\nSwapFree: 0 kB\n");
        // A share of the whole core, so that a slow machine doesn't stretch the interval.
        Sampler.Schedule schedule = new Sampler.Schedule(50 * MILLI, 200 * MILLI, 1, 60);
        sampler = new Sampler(schedule, root, Levels.nameless(), kill -> {}, new SourceErrors());
        levels = new Levels(root.resolve("cgroup"));
        files = levels.files;
        pod = levels.pod(null, false);
        sampler.add(pod);
    }

    @Test
    void shouldExposeWhatTheFilesSayAfterOneTick() {
        files.make(A).current(A, 50 * MIB).stat(A, "active_file", 20 * MIB).max(Levels.POD, 200 * MIB);
        Level a = container(1);
        tick();
        assertThat(sampler.containers()).containsExactly(a.container);
        assertThat(value(a, Field.CURRENT)).isEqualTo(50 * MIB);
        assertThat(value(a, Field.UNRECLAIMABLE)).isEqualTo(30 * MIB);
        assertThat(value(a, Field.WORKING_SET)).isEqualTo(50 * MIB);
        assertThat(value(a, Field.LIMIT)).isEqualTo(200 * MIB);
        assertThat(sampler.samples()).isEqualTo(1);
    }

    @Test
    void shouldKnowASpikesAnatomyInTheTickThatSeesIt() {
        Level a = container(1);
        for (int i = 0; i < 20; i++) {
            tick();
        }
        files.stat(A, "inactive_file", 40 * MIB).current(A, 100 * MIB);
        tick();
        files.stat(A, "inactive_file", 0).current(A, MIB);
        tick();
        assertThat(value(a, Field.UNRECLAIMABLE)).isEqualTo(MIB);
        assertThat(value(a, Field.CURRENT_PEAK)).isEqualTo(100 * MIB);
        assertThat(value(a, Field.UNRECLAIMABLE_PEAK)).isEqualTo(60 * MIB);
    }

    @Test
    void shouldCreditTheKillFromThePodWhenTheCgroupIsRemoved() {
        Level a = container(1);
        tick();
        files.events(Levels.POD, 0, 0, 1, 0).delete(A, "memory.events");
        sampler.removed(a);
        tick();
        assertThat(value(a, Field.OOM_KILLS)).isEqualTo(1);
        assertThat(value(a, Field.OOM_INCIDENTS)).isEqualTo(1);
        assertThat(value(a, Field.CURRENT)).isEqualTo(Value.ABSENT);
        assertThat(sampler.containers()).containsExactly(a.container);
        long samples = sampler.samples();
        tick();
        assertThat(sampler.samples()).as("it is read no more").isEqualTo(samples);
    }

    @Test
    void shouldNotTakeAReleasedCgroupForAKilledOne() {
        Level a = container(1);
        tick();
        files.events(Levels.POD, 0, 0, 1, 0);
        sampler.release(a);
        tick();
        assertThat(value(a, Field.OOM_KILLS)).isZero();
    }

    /** The promise of the tick loop: with fifty containers, ten of which leap at each tick, not one byte. */
    @Test
    void shouldAllocateNothingInAThousandTicks() throws IOException {
        List<FileChannel> leaping = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            String path = Levels.container(i);
            container(i);
            files.max(path, 200 * MIB).current(path, 50_000_000).pressure(path, i, i);
            if (i <= 10) {
                Path current = files.path(path).resolve("memory.current");
                leaping.add(FileChannel.open(current, StandardOpenOption.WRITE));
            }
        }
        ByteBuffer low = ByteBuffer.allocateDirect(1).put((byte) '5');
        ByteBuffer high = ByteBuffer.allocateDirect(1).put((byte) '9');
        assertThat(Allocations.of(1000, () -> {
                    ByteBuffer digit = now / (50 * MILLI) % 2 == 0 ? low : high;
                    for (int i = 0; i < leaping.size(); i++) {
                        write(leaping.get(i), digit.rewind());
                    }
                    tick();
                }))
                .isZero();
        assertThat(sampler.containers()).hasSize(50);
        assertThat(sampler.containers().stream().filter(c -> value(c, Field.CURRENT_PEAK) == 90_000_000))
                .hasSize(10);
        for (FileChannel channel : leaping) {
            channel.close();
        }
    }

    private static void write(FileChannel channel, ByteBuffer one) {
        try {
            channel.write(one, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Level container(int n) {
        Level level = levels.workload(Levels.container(n), pod, true);
        sampler.add(level);
        return level;
    }

    private void tick() {
        now += 50 * MILLI;
        sampler.tick(now);
    }

    private static long value(Level level, Field field) {
        return value(level.container, field);
    }

    private static long value(Container container, Field field) {
        long[] values = new long[Field.COUNT];
        container.copyTo(values, 0);
        return values[field.ordinal()];
    }
}
