package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.MemoryEvents;
import io.memspike.cgroup.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillsTest {
    private static final long CLOCK = 1_700_000_000_123L;

    @TempDir
    Path root;

    private long clock = CLOCK;
    private final java.util.List<Kill> told = new java.util.ArrayList<>();
    private final Kills kills = new Kills(() -> clock, told::add);
    /** What each level's memory.events would say when it is read again; a level without can't be read. */
    private final Map<Level, long[]> readable = new HashMap<>();

    private final List<Level> all = new ArrayList<>();
    private final Population population = Levels.population();
    private Levels levels;
    private Level slice;
    private Level pod;

    @BeforeEach
    void makePod() {
        levels = new Levels(root);
        slice = take(levels.ancestor("/kubepods", null));
        pod = take(levels.pod(slice, false));
        read(slice, 0, 0);
        read(pod, 0, 0);
    }

    @Test
    void shouldCountFromFirstSightWhenTheContainerIsOlderThanWe() {
        Level a = container(1, false);
        read(a, 5, 1);
        assertCounted(a, 0, 0);
        read(a, 6, 1);
        assertCounted(a, 1, 1);
    }

    @Test
    void shouldCountFromZeroWhenTheContainerWasMadeUnderOurEyes() {
        Level a = container(1, true);
        read(a, 1, 0);
        assertCounted(a, 1, 1);
        assertThat(value(a, Field.LAST_KILL_EPOCH_MILLIS)).isEqualTo(CLOCK);
    }

    @Test
    void shouldHaveNoTimeOfALastKillWhenThereWasNone() {
        Level a = container(1, true);
        read(a, 0, 0);
        assertCounted(a, 0, 0);
        assertThat(value(a, Field.LAST_KILL_EPOCH_MILLIS)).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldBeOneIncidentWhenAGroupOfThreeIsKilled() {
        Level a = container(1, false);
        a.oomGroup = 1;
        read(a, 0, 0);
        read(a, 4, 1);
        assertCounted(a, 4, 1);
    }

    @Test
    void shouldBeOneIncidentWhenSeveralReadsSeeOneGroupKill() {
        Level a = container(1, false);
        a.oomGroup = 1;
        read(a, 0, 0);
        read(a, 1, 0);
        assertCounted(a, 1, 0);
        read(a, 2, 1);
        read(a, 4, 1);
        assertCounted(a, 4, 1);
    }

    @Test
    void shouldBeOneIncidentWhenTheFirstReadOfAFreshOneSeesAGroupKillBegun() {
        Level a = container(1, true);
        a.oomGroup = 1;
        read(a, 1, 0);
        read(a, 4, 1);
        assertCounted(a, 4, 1);
    }

    @Test
    void shouldBeOneIncidentEachReadWhenTheKernelHasNoGroupKills() {
        Level a = container(1, false);
        a.oomGroup = 1;
        read(a, 0, Value.ABSENT);
        read(a, 3, Value.ABSENT);
        read(a, 4, Value.ABSENT);
        assertCounted(a, 4, 2);
    }

    @Test
    void shouldCountHitsOfBothLimitsWhenTheyRise() {
        Level a = container(1, false);
        kills.eventsRead(a, new long[] {10, 20, 0, 0});
        kills.eventsRead(a, new long[] {13, 25, 0, 0});
        assertThat(value(a, Field.HIGH_HITS)).isEqualTo(3);
        assertThat(value(a, Field.LIMIT_HITS)).isEqualTo(5);
    }

    @Test
    void shouldCreditFromThePodWhenTheCgroupWentBeforeItWasRead() {
        Level a = container(1, true);
        read(a, 0, 0);
        nowSays(pod, 4, 1);
        removed(a);
        assertCounted(a, 4, 1);
    }

    @Test
    void shouldCreditNothingTwiceWhenItWasReadBeforeItWent() {
        Level a = container(1, true);
        read(a, 1, 0);
        nowSays(pod, 1, 0);
        nowSays(slice, 1, 0);
        removed(a);
        assertCounted(a, 1, 1);
        Level b = container(2, true);
        removed(b);
        assertThat(value(b, Field.OOM_KILLS)).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldCreditOnlyTheRestWhenAReadSawAPart() {
        Level a = container(1, true);
        a.oomGroup = 1;
        read(a, 0, 0);
        read(a, 1, 0);
        nowSays(pod, 4, 1);
        removed(a);
        assertCounted(a, 4, 1);
    }

    @Test
    void shouldCreditFromTheGrandparentWhenThePodWentToo() {
        Level a = container(1, true);
        nowSays(slice, 1, 0);
        pod.gone = true;
        removed(a);
        assertCounted(a, 1, 1);
    }

    @Test
    void shouldNotCreditWhatThePodHadCountedBeforeWeCame() {
        read(slice, 7, 0);
        Level other = take(levels.level(Levels.POD.replace("c5f7", "ffff"), Level.Kind.POD, slice, false));
        read(other, 7, 0);
        Level a = take(levels.workload(Levels.POD.replace("c5f7", "ffff") + "/" + "%064x".formatted(9), other, false));
        nowSays(other, 7, 0);
        removed(a);
        assertThat(value(a, Field.OOM_KILLS)).isEqualTo(Value.ABSENT);
    }

    @Test
    void shouldCreditTheOneWithLeastHeadroomWhenNeighboursWentTogether() {
        Level a = container(1, true);
        Level b = container(2, true);
        a.headroom = 50;
        b.headroom = 10;
        b.gone = true;
        nowSays(pod, 1, 0);
        removed(a);
        removed(b);
        assertThat(value(a, Field.OOM_KILLS)).isEqualTo(Value.ABSENT);
        assertCounted(b, 1, 1);
    }

    @Test
    void shouldLeaveItToTheLivingWhenTheyCountItThemselves() {
        Level a = container(1, true);
        Level sibling = container(2, true);
        read(sibling, 0, 0);
        nowSays(sibling, 1, 0);
        nowSays(pod, 1, 0);
        removed(a);
        assertCounted(sibling, 1, 1);
        assertThat(value(a, Field.OOM_KILLS)).isEqualTo(Value.ABSENT);
    }

    /** Of a helper beside the container, say, or of a container that was over before anybody saw it. */
    @Test
    void shouldNotLayAnOldKillThatNobodyClaimedAtTheDoorOfTheNextOneRemoved() {
        Level a = container(1, false);
        read(a, 0, 0);
        read(pod, 1, 0);
        clock += 5_000;
        read(pod, 1, 0);
        clock += 10_001;
        read(pod, 1, 0);
        nowSays(pod, 1, 0);
        removed(a);
        assertCounted(a, 0, 0);
    }

    /** A node in a container: what it counts is hierarchical, and was credited above by the containers in it. */
    @Test
    void shouldCreditAKillOnceAboveWhenAContainerRunsContainers() {
        Level outer = container(1, false);
        Level inner = take(levels.level(Levels.container(1) + "/inner", Level.Kind.WORKLOAD, outer, false));
        outer.outer = true;
        read(outer, 0, 0);
        read(inner, 0, 0);
        read(outer, 1, 0);
        read(inner, 1, 0);
        read(pod, 1, 0);
        assertThat(pod.credited[MemoryEvents.OOM_KILL]).isEqualTo(1);
    }

    @Test
    void shouldGoOnCountingWhenTheContainerIsRestarted() {
        Level a = container(1, true);
        read(a, 2, 0);
        population.remove(a, 1);
        Level again = container(1, true);
        assertThat(again.container).isSameAs(a.container);
        read(again, 0, 0);
        assertCounted(again, 2, 1);
        read(again, 1, 0);
        assertCounted(again, 3, 2);
    }

    /** A first read that failed must not make the pod forget who was credited meanwhile. */
    @Test
    void shouldCreditTheNextKillWhenThePodCouldNotBeReadAtFirst() {
        Level late = take(levels.level(Levels.POD.replace("c5f7", "ffff"), Level.Kind.POD, null, false));
        String path = Levels.POD.replace("c5f7", "ffff") + "/";
        Level a = take(levels.workload(path + "%064x".formatted(1), late, true));
        read(a, 1, 0);
        read(late, 1, 0);
        Level b = take(levels.workload(path + "%064x".formatted(2), late, true));
        nowSays(late, 2, 0);
        removed(b);
        assertCounted(b, 1, 1);
    }

    private Level container(int n, boolean fresh) {
        return take(levels.workload(Levels.container(n), pod, fresh));
    }

    private Level take(Level level) {
        population.add(level, 0);
        all.add(level);
        return level;
    }

    private void read(Level level, long oomKill, long groupKill) {
        kills.eventsRead(level, events(oomKill, groupKill));
    }

    private void nowSays(Level level, long oomKill, long groupKill) {
        readable.put(level, events(oomKill, groupKill));
    }

    private void removed(Level level) {
        level.gone = true;
        kills.removed(level, List.copyOf(all), this::readEvents);
        all.remove(level);
    }

    private boolean readEvents(Level level) {
        if (readable.containsKey(level)) {
            kills.eventsRead(level, readable.get(level));
        }
        return readable.containsKey(level);
    }

    private static long[] events(long oomKill, long groupKill) {
        long[] events = new long[MemoryEvents.COUNT];
        events[MemoryEvents.OOM_KILL] = oomKill;
        events[MemoryEvents.OOM_GROUP_KILL] = groupKill;
        return events;
    }

    private static void assertCounted(Level level, long expectedKills, long incidents) {
        assertThat(value(level, Field.OOM_KILLS)).as("kills").isEqualTo(expectedKills);
        assertThat(value(level, Field.OOM_INCIDENTS)).as("incidents").isEqualTo(incidents);
    }

    private static long value(Level level, Field field) {
        // Published with the next sample; none of memory.current is needed for that.
        level.container.sampled(level, 1);
        long[] values = new long[Field.COUNT];
        level.container.copyTo(values, 0);
        return values[field.ordinal()];
    }
}
