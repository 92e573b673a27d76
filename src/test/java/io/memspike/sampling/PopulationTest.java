package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PopulationTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path root;

    private final Population population = Levels.population();
    private Levels levels;

    @BeforeEach
    void makeLevels() {
        levels = new Levels(root);
    }

    @Test
    void shouldKeepParentsFirstInWhateverOrderLevelsCome() {
        Level slice = levels.ancestor("/kubepods", null);
        Level pod = levels.pod(slice, false);
        Level a = levels.workload(Levels.container(1), pod, false);
        Level b = levels.workload(Levels.container(2), pod, false);
        Level other = levels.workload("/other", null, false);
        List.of(slice, pod, a, b, other).forEach(level -> population.add(level, 0));
        assertThat(population.levels()).containsExactly(slice, other, pod, a, b);
    }

    @Test
    void shouldExposeContainersAtOnceAndPlainCgroupsOnceTheyHadAProcess() {
        population.add(levels.workload(Levels.container(1), null, false), 0);
        Level service = levels.workload("/system.slice/sshd.service", null, false);
        population.add(service, 0);
        population.publish(0);
        assertThat(population.exposed()).hasSize(1);
        List<Container> given = population.exposed();
        service.hadProcess = true;
        service.container.sampled(service, 0);
        population.publish(0);
        assertThat(population.exposed()).hasSize(2);
        assertThat(given).as("never changed once given out").hasSize(1);
        List<Container> both = population.exposed();
        population.publish(0);
        assertThat(population.exposed())
                .as("the same list while nothing changes")
                .isSameAs(both);
    }

    @Test
    void shouldKeepTheDeadForThreeMinutesWithExtremesAndCounters() {
        Level level = levels.workload(Levels.container(1), null, false);
        population.add(level, 0);
        level.current = 7 << 20;
        level.max = 100 << 20;
        level.container.sampled(level, SECOND);
        level.container.killed(1, 1, 123);
        population.remove(level, 2 * SECOND);
        population.publish(2 * SECOND + Population.KEEP_NANOS);
        Container dead = population.exposed().get(0);
        assertThat(value(dead, Field.CURRENT)).isEqualTo(Value.ABSENT);
        assertThat(value(dead, Field.CURRENT_PEAK)).isEqualTo(7 << 20);
        assertThat(value(dead, Field.LIMIT)).isEqualTo(100 << 20);
        assertThat(value(dead, Field.OOM_KILLS)).isEqualTo(1);
        assertThat(dead.history()).isNull();
        population.publish(2 * SECOND + Population.KEEP_NANOS + 1);
        assertThat(population.exposed()).isEmpty();
    }

    @Test
    void shouldForgetAtOnceWhenTheDeadWasNeverExposed() {
        Level level = levels.workload("/system.slice/sshd.service", null, false);
        population.add(level, 0);
        population.remove(level, 0);
        population.publish(0);
        Level again = levels.workload("/system.slice/sshd.service", null, false);
        population.add(again, 0);
        assertThat(again.container).isNotSameAs(level.container);
    }

    @Test
    void shouldKeepAThousandDeadAndForgetThoseThatDiedFirst() {
        Level oldest = levels.workload(Levels.container(0), null, false);
        population.add(oldest, 0);
        Level[] others = new Level[Population.MOST_DEAD];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Level(oldest.cgroup, Level.Kind.WORKLOAD, name(i + 1), null, false);
            population.add(others[i], 0);
            population.remove(others[i], i);
        }
        population.publish(others.length);
        assertThat(population.exposed()).hasSize(1 + Population.MOST_DEAD).contains(oldest.container);
        population.remove(oldest, others.length);
        population.publish(others.length);
        assertThat(population.exposed())
                .hasSize(Population.MOST_DEAD)
                .contains(oldest.container)
                .doesNotContain(others[0].container);
    }

    @Test
    void shouldGoOnWhenTheSameIdentityComesAgain() {
        Level first = levels.workload(Levels.container(1), null, true);
        population.add(first, 0);
        first.container.add(Field.MAJOR_FAULTS, 5);
        Level second = levels.workload(Levels.container(1), null, true);
        population.add(second, 0);
        assertThat(second.container).isSameAs(first.container);
        population.remove(first, 0);
        assertThat(second.container.live).as("the next life had begun").isSameAs(second);
        population.remove(second, 0);
        Level third = levels.workload(Levels.container(1), null, true);
        population.add(third, 0);
        third.container.add(Field.MAJOR_FAULTS, 2);
        third.container.sampled(third, 0);
        assertThat(value(third.container, Field.MAJOR_FAULTS)).isEqualTo(7);
        assertThat(third.container.history().ticks(0)).as("its own samples").hasNumberOfRows(1);
        population.publish(0);
        assertThat(population.exposed()).containsExactly(third.container);
    }

    private static io.memspike.pod.CgroupName name(int n) {
        return io.memspike.pod.CgroupName.of(Levels.container(n));
    }

    private static long value(Container container, Field field) {
        long[] values = new long[Field.COUNT];
        container.copyTo(values, 0);
        return values[field.ordinal()];
    }
}
