package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;
import io.memspike.pod.NameSource;
import io.memspike.pod.Names;
import io.memspike.testkit.Allocations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String UID = "d0970148-dac4-5119-a876-c5f706dbcae4";
    private static final ContainerName APP = new ContainerName("shop", "web", "app");

    @TempDir
    Path root;

    private final Source source = new Source();
    private Population population = new Population(60, Levels.HISTORY, naming(Naming.Filter.NONE));
    private Levels levels;
    private Level pod;
    private long now = 100 * SECOND;

    @BeforeEach
    void makeAPod() {
        levels = new Levels(root);
        pod = levels.pod(null, true);
    }

    @Test
    void shouldWaitForTheNameAndThenShowAllThatWasSeenMeanwhile() {
        Level level = appears(1);
        publish(0);
        assertThat(exposed()).isEmpty();
        assertThat(source.wanted).as("asked for when it appears").isPositive();
        level.container.killed(1, 1, 5);
        named(1, APP);
        publish(1);
        assertThat(exposed()).containsExactly("shop/web/app");
        assertThat(value(Field.OOM_KILLS)).isEqualTo(1);
    }

    @Test
    void shouldAskAgainEverySecondWhileItWaits() {
        appears(1);
        publish(0);
        int before = source.wanted;
        for (int i = 0; i < 40; i++) {
            publish(0.05);
        }
        assertThat(source.wanted - before).isEqualTo(2);
    }

    @Test
    void shouldShowItByUidAndIdWhenNoNameComesInTenSeconds() {
        appears(1);
        publish(9.9);
        assertThat(exposed()).isEmpty();
        publish(0.2);
        assertThat(exposed()).containsExactly("/" + UID + "/" + "%064x".formatted(1));
        named(1, APP);
        publish(0);
        assertThat(exposed()).as("it comes late").containsExactly("shop/web/app");
    }

    @Test
    void shouldNotWaitWhereNobodyCouldKnowTheName() {
        source.available = false;
        appears(1);
        publish(0);
        assertThat(exposed()).hasSize(1);
    }

    @Test
    void shouldNotWaitForANameOfAPlainCgroup() {
        Level service = levels.workload("/system.slice/sshd.service", null, false);
        service.hadProcess = true;
        population.add(service, now);
        service.container.workload = true;
        publish(0);
        assertThat(exposed()).containsExactly("///system.slice/sshd.service");
    }

    @Test
    void shouldGoOnWithTheSameSeriesWhenTheContainerIsRestartedUnderAnotherId() {
        named(1, APP);
        Level first = appears(1);
        publish(0);
        first.container.add(Field.MAJOR_FAULTS, 5);
        first.container.stalled(7, now);
        Container before = population.exposed().get(0);
        population.remove(first, now);
        Level second = appears(2);
        publish(1);
        second.container.add(Field.MAJOR_FAULTS, 2);
        second.container.killed(3, 1, 99);
        named(2, APP);
        publish(1);
        assertThat(population.exposed()).containsExactly(before);
        assertThat(second.container).isSameAs(before);
        assertThat(before.live).isSameAs(second);
        assertThat(value(Field.MAJOR_FAULTS)).isEqualTo(7);
        assertThat(value(Field.OOM_KILLS)).isEqualTo(3);
        assertThat(value(Field.LAST_KILL_EPOCH_MILLIS)).isEqualTo(99);
        assertThat(value(Field.STALLED_PEAK_PPM)).as("of the first life").isEqualTo(7);
        assertThat(before.about().cgroup().containerId()).isEqualTo("%064x".formatted(2));
        assertThat(before.history()).isNotNull();
    }

    @Test
    void shouldKeepTheOlderLifeWhenTheLaterOneHasEndedAlready() {
        named(1, APP);
        Level first = appears(1);
        publish(0);
        Level second = appears(2);
        second.container.killed(1, 1, 99);
        population.remove(second, now);
        named(2, APP);
        publish(1);
        Container container = population.exposed().get(0);
        assertThat(container.live).isSameAs(first);
        assertThat(value(Field.OOM_KILLS)).isEqualTo(1);
    }

    @Test
    void shouldNameAPodThatLivedTwoSecondsThoughItsNameComesLater() {
        Level level = appears(1);
        publish(2);
        population.remove(level, now);
        publish(3);
        assertThat(population.containers()).as("kept while it waits").hasSize(1);
        named(1, APP);
        publish(0);
        assertThat(exposed()).containsExactly("shop/web/app");
    }

    @Test
    void shouldHideTheSandboxOfAPodThatIsKnown() {
        Level pause = appears(1);
        Level app = appears(2);
        named(2, APP);
        publish(11);
        assertThat(exposed()).containsExactly("shop/web/app");
        assertThat(pause.container.visibility).isEqualTo(Container.Visibility.HIDDEN);
        assertThat(app.container.visibility).isEqualTo(Container.Visibility.SHOWN);
    }

    @Test
    void shouldHideTheSandboxOfAPodWhoseContainersAreNotThereYet() {
        source.pods.add(UID);
        appears(1);
        publish(11);
        assertThat(exposed()).isEmpty();
    }

    @Test
    void shouldHideTheSandboxOnceItsPodBecomesKnown() {
        appears(1);
        publish(11);
        assertThat(exposed()).hasSize(1);
        appears(2);
        named(2, APP);
        publish(1);
        assertThat(exposed()).containsExactly("shop/web/app");
    }

    @Test
    void shouldNotTakeAContainerWhoseNameIsLateForTheSandbox() {
        appears(1);
        appears(2);
        appears(3);
        named(2, APP);
        publish(11);
        assertThat(exposed()).containsExactlyInAnyOrder("shop/web/app", "/" + UID + "/" + "%064x".formatted(3));
    }

    @Test
    void shouldNotTakeAContainerWithALimitForTheSandbox() {
        source.pods.add(UID);
        appears(1).container.hasOwnLimit = true;
        publish(11);
        assertThat(exposed()).hasSize(1);
    }

    @Test
    void shouldShowTheSandboxWhenAskedTo() {
        population = new Population(
                60, Levels.HISTORY, naming(new Naming.Filter(Naming.Sieve.NONE, Naming.Sieve.NONE, true)));
        appears(1);
        appears(2);
        named(2, APP);
        publish(11);
        assertThat(exposed()).containsExactlyInAnyOrder("shop/web/POD", "shop/web/app");
    }

    @Test
    void shouldExposeOnlyWhatPassesTheFilter() {
        Naming.Sieve namespaces = new Naming.Sieve(Pattern.compile("shop|bank"), Pattern.compile("bank"));
        Naming.Sieve pods = new Naming.Sieve(Pattern.compile(".*"), Pattern.compile("canary-.*"));
        population = new Population(60, Levels.HISTORY, naming(new Naming.Filter(namespaces, pods, false)));
        named(1, APP);
        named(2, new ContainerName("bank", "web", "app"));
        named(3, new ContainerName("shop", "canary-1", "app"));
        named(4, new ContainerName("other", "web", "app"));
        for (int i = 1; i <= 4; i++) {
            appears(i);
        }
        publish(0);
        assertThat(exposed()).containsExactly("shop/web/app");
        assertThat(population.levels()).as("sampled all the same").hasSize(4);
    }

    @Test
    void shouldTellReadersWhenMoreBecomesKnown() {
        named(1, APP);
        appears(1);
        publish(0);
        List<Container> before = population.exposed();
        ContainerName.Details details = new ContainerName.Details("nginx", "Deployment", "web", 1L, 2L);
        named(1, new ContainerName("shop", "web", "app", details));
        publish(0);
        assertThat(population.exposed()).isNotSameAs(before);
        assertThat(population.exposed().get(0).about().named().details()).isEqualTo(details);
    }

    @Test
    void shouldAllocateNothingWhileItWaitsAndWhenAllAreNamed() throws IOException {
        named(1, APP);
        appears(1);
        appears(2);
        publish(0);
        assertThat(Allocations.of(20_000, () -> population.publish(now))).isZero();
    }

    private Level appears(int id) {
        Level level = levels.workload(Levels.container(id), pod, true);
        population.add(level, now);
        level.max = Value.UNLIMITED;
        // As the kernel gives them, whatever this file system does.
        level.container.inode = id;
        return level;
    }

    private void named(int id, ContainerName name) {
        source.names.put("%064x".formatted(id), name);
        source.version++;
    }

    private void publish(double secondsLater) {
        now += (long) (secondsLater * SECOND);
        population.publish(now);
    }

    private List<String> exposed() {
        return population.exposed().stream()
                .map(Container::identity)
                .map(id -> id.namespace() + "/" + id.pod() + "/" + id.container())
                .toList();
    }

    private long value(Field field) {
        long[] row = new long[Field.COUNT];
        population.exposed().get(0).copyTo(row, 0);
        return row[field.ordinal()];
    }

    private Naming naming(Naming.Filter filter) {
        return new Naming(new Names(List.of(source), List.of()), filter);
    }

    /** Knows what the test tells it. */
    private static final class Source implements NameSource {
        final Map<String, ContainerName> names = new HashMap<>();
        final Set<String> pods = new HashSet<>();
        boolean available = true;
        long version;
        int wanted;

        @Override
        public String label() {
            return "test";
        }

        @Override
        public void start() {}

        @Override
        public @Nullable ContainerName find(CgroupName cgroup) {
            return names.get(cgroup.containerId());
        }

        @Override
        public boolean knowsPod(String uid) {
            return pods.contains(uid);
        }

        @Override
        public void wanted() {
            wanted++;
        }

        @Override
        public long version() {
            return version;
        }

        @Override
        public boolean isAvailable() {
            return available;
        }

        @Override
        public boolean isWorking() {
            return true;
        }
    }
}
