package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.process.Footprint;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessOwnersTest {
    private static final String ID = "%064x".formatted(1);

    @TempDir
    Path root;

    private final Population population = Levels.population();
    private final ProcessOwners owners = new ProcessOwners(population::exposed);
    private Levels levels;
    private Level pod;

    @BeforeEach
    void makeAPod() {
        levels = new Levels(root);
        pod = levels.pod(null, false);
        pod.max = Value.UNLIMITED;
    }

    @Test
    void shouldKnowAContainersProcessesByItsIdWhereverTheReadersNamespaceBegins() {
        Container container = sampled(levels.workload(Levels.container(1), pod, false), 10, 100);
        for (String path : List.of(
                Levels.container(1),
                "/../" + ID,
                "/../../../kubepods/burstable/podd0970148-dac4-5119-a876-c5f706dbcae4/" + ID,
                "/../cri-containerd-" + ID + ".scope",
                "/../crio-" + ID + ".scope/container")) {
            assertThat(owners.of(path)).as(path).isSameAs(container);
        }
        assertThat(owners.of("/../crio-conmon-" + ID + ".scope")).as("a helper").isNull();
        assertThat(owners.of(Levels.container(2))).as("another").isNull();
    }

    @Test
    void shouldKnowAServicesProcessesByThePathOrItsEnd() {
        Container ssh = service("/system.slice/sshd.service");
        Container other = service("/system.slice/other.service");
        Container user = service("/user.slice/other.service");
        assertThat(owners.of("/system.slice/sshd.service")).isSameAs(ssh);
        assertThat(owners.of("/../../system.slice/other.service")).isSameAs(other);
        assertThat(owners.of("/../../user.slice/other.service")).isSameAs(user);
        assertThat(owners.of("/../sshd.service")).isSameAs(ssh);
        assertThat(owners.of("/../other.service")).as("one of two").isNull();
        assertThat(owners.of("/sshd.service"))
                .as("below the reader's own, not ours")
                .isNull();
        assertThat(owners.of("/")).isNull();
        assertThat(owners.of("/../..")).isNull();
    }

    @Test
    void shouldBeginWithWhoIsClosestToItsLimit() {
        Container calm = sampled(levels.workload(Levels.container(1), pod, false), 10, 100);
        Container close = sampled(levels.workload(Levels.container(2), pod, false), 90, 100);
        Container small = sampled(levels.workload(Levels.container(3), pod, false), 10, Value.UNLIMITED);
        Container large = sampled(levels.workload(Levels.container(4), pod, false), 5000, Value.UNLIMITED);
        assertThat(owners.riskiestFirst()).containsExactly(close, calm, large, small);
    }

    @Test
    void shouldPublishTheFootprintUntilTheContainerIsGone() {
        Level level = levels.workload(Levels.container(1), pod, false);
        Container container = sampled(level, 10, 100);
        long[] shares = {1, 2, 3, 4, 5, 6};
        container.footprint(new Footprint(System.nanoTime(), 7, shares, 8, 9));
        assertThat(value(container, Field.PSS)).isEqualTo(1);
        assertThat(value(container, Field.SWAP_PSS)).isEqualTo(6);
        assertThat(value(container, Field.PROCESSES)).isEqualTo(7);
        assertThat(value(container, Field.PSS_AGE_MILLIS)).isBetween(0L, 60_000L);
        assertThat(value(container, Field.RSS_ANON)).as("where PSS is known").isEqualTo(Value.ABSENT);
        Arrays.fill(shares, Footprint.UNKNOWN);
        assertThat(value(container, Field.RSS_ANON)).isEqualTo(8);
        assertThat(value(container, Field.RSS_SHMEM)).isEqualTo(9);
        population.remove(level, 1);
        assertThat(value(container, Field.PROCESSES)).isEqualTo(Value.ABSENT);
        container.footprint(new Footprint(0, 7, shares, 8, 9));
        assertThat(value(container, Field.PROCESSES)).as("came too late").isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldLeaveOutWhoIsGone() {
        Level level = levels.workload(Levels.container(1), pod, false);
        sampled(level, 10, 100);
        population.remove(level, 1);
        population.publish(1);
        assertThat(owners.riskiestFirst()).isEmpty();
    }

    private Container service(String path) {
        Level level = levels.workload(path, null, false);
        level.hadProcess = true;
        return sampled(level, 1, Value.UNLIMITED);
    }

    private Container sampled(Level level, long current, long max) {
        population.add(level, 0);
        level.current = current;
        level.max = max;
        Arrays.fill(level.stat, 0, MemoryStat.COUNT, 0);
        level.derive(0);
        Container container = level.container;
        container.sampled(level, 1);
        population.publish(1);
        return container;
    }

    private static long value(Container container, Field field) {
        long[] row = new long[Field.COUNT];
        container.copyTo(row, 0);
        return row[field.ordinal()];
    }
}
