package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Series;
import io.memspike.oom.Incident.Verdict;
import io.memspike.oom.Incident.Verdict.Kind;
import io.memspike.oom.Incident.Victim;
import io.memspike.sampling.Kill;
import io.memspike.sampling.Kill.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each shape of a last minute is called, by which numbers. */
class VerdictsTest {
    private static final long MIB = 1 << 20;
    private static final String POD = "/kubepods/podd0970148-dac4-5119-a876-c5f706dbcae4";
    private static final String OWN = POD + "/" + "a1".repeat(32);
    private static final State CONTAINER = state(OWN, false, 256 * MIB, 256 * MIB);
    private static final State UNLIMITED_POD = state(POD, true, Value.UNLIMITED, 260 * MIB);

    @Test
    void shouldCallItASpikeWhenItRoseInAnInstant() {
        // 70 MiB, and in the last 240 ms up to 250.
        Verdict verdict =
                verdict(List.of(CONTAINER, UNLIMITED_POD), null, at -> at < -240 ? 70 : 250 + at / 2, Map.of());
        assertThat(verdict.kind()).isEqualTo(Kind.SPIKE);
        assertThat(verdict.sentence())
                .contains("rose by 180.0 MiB to 250.0 MiB", " ms", "the container's limit of 256.0 MiB", "27 %");
    }

    @Test
    void shouldCallItALeakWhenItGrewSteadily() {
        Verdict verdict = verdict(List.of(CONTAINER, UNLIMITED_POD), null, at -> 256 + at / 1000, Map.of());
        assertThat(verdict.kind()).isEqualTo(Kind.LEAK);
        assertThat(verdict.sentence()).contains("60.0 MiB a minute", "takes 128 s");
    }

    @Test
    void shouldNameTmpfsWhichAnonRiskHides() {
        Verdict verdict = verdict(
                List.of(CONTAINER, UNLIMITED_POD),
                null,
                at -> 256 + at / 1000,
                Map.of("shmem_bytes", at -> 200 + at / 1000, "anon_bytes", at -> 40));
        assertThat(verdict.kind()).isEqualTo(Kind.SHMEM);
        assertThat(verdict.sentence()).contains("200.0 MiB of the container's limit of 256.0 MiB", "+60.0 MiB");
    }

    @Test
    void shouldNameKernelMemory() {
        Verdict verdict = verdict(
                List.of(CONTAINER, UNLIMITED_POD),
                null,
                at -> 256 + at / 1000,
                Map.of("kernel_bytes", at -> 190, "anon_bytes", at -> 40));
        assertThat(verdict.kind()).isEqualTo(Kind.KERNEL);
        assertThat(verdict.sentence()).contains("190.0 MiB");
    }

    @Test
    void shouldLookAtTheNeighboursWhenThePodsLimitWasHitAndItUsedLittle() {
        State pod = state(POD, true, 256 * MIB, 256 * MIB);
        State own = state(OWN, false, Value.UNLIMITED, 60 * MIB);
        Verdict verdict = verdict(List.of(own, pod), null, at -> 60, Map.of());
        assertThat(verdict.kind()).isEqualTo(Kind.NEIGHBOUR);
        assertThat(verdict.sentence()).contains("the pod's limit of 256.0 MiB", "60.0 MiB");
    }

    @Test
    void shouldBelieveTheKernelLogAboutWhoseLimitItWas() {
        State pod = state(POD, true, 300 * MIB, 200 * MIB);
        Victim victim = new Victim(1, "app", 1, 1, 1, 0, POD, OWN);
        Verdict verdict = verdict(List.of(CONTAINER, pod), victim, at -> 60, Map.of());
        assertThat(verdict.sentence()).contains("the pod's limit of 300.0 MiB");
    }

    @Test
    void shouldSayThatTheNodeRanOut() {
        Victim victim = new Victim(1, "app", 1, 1, 1, 0, "", OWN);
        assertThat(verdict(List.of(CONTAINER, UNLIMITED_POD), victim, at -> 60, Map.of())
                        .kind())
                .isEqualTo(Kind.NODE);
    }

    @Test
    void shouldSayThatTheLimitWasLoweredBelowWhatWasUsed() {
        State lowered = new State(OWN, false, 128 * MIB, 200 * MIB, 200 * MIB, 0, 512 * MIB, 1_500_000_000L);
        Verdict verdict = verdict(List.of(lowered, UNLIMITED_POD), null, at -> 200, Map.of());
        assertThat(verdict.kind()).isEqualTo(Kind.LIMIT_LOWERED);
        assertThat(verdict.sentence()).contains("from 512.0 MiB to 128.0 MiB 1.5 s before", "200.0 MiB in use");
    }

    @Test
    void shouldNameDirtyCache() {
        Verdict verdict =
                verdict(List.of(CONTAINER, UNLIMITED_POD), null, at -> 80, Map.of("file_dirty_bytes", at -> 100));
        assertThat(verdict.kind()).isEqualTo(Kind.DIRTY_CACHE);
    }

    @Test
    void shouldAdmitThatItCantTell() {
        assertThat(verdict(List.of(CONTAINER, UNLIMITED_POD), null, at -> 200, Map.of())
                        .kind())
                .isEqualTo(Kind.UNKNOWN);
        Series none = new Series(new long[0], Map.of(Recording.CURRENT, new long[0]));
        Map<String, long[]> columns = new LinkedHashMap<>();
        for (String name : COLUMNS) {
            columns.put(name, new long[0]);
        }
        Verdict unseen = Verdicts.of(
                Evidence.of(kill(List.of(CONTAINER, UNLIMITED_POD)), none, new Series(new long[0], columns), null));
        assertThat(unseen)
                .isEqualTo(new Verdict(Kind.UNKNOWN, "Can't tell: it was killed before its memory was looked at."));
    }

    private static final List<String> COLUMNS = List.of(
            Recording.UNRECLAIMABLE,
            "anon_bytes",
            "shmem_bytes",
            "kernel_bytes",
            "file_dirty_bytes",
            "file_writeback_bytes");

    /** @param mib memory.current, and unreclaimable, by milliseconds from the kill; other columns are 0 unless given */
    private static Verdict verdict(
            List<State> levels, @Nullable Victim victim, LongUnaryOperator mib, Map<String, LongUnaryOperator> others) {
        long[] ticks = times(50);
        long[] details = times(200);
        Map<String, long[]> columns = new LinkedHashMap<>();
        for (String name : COLUMNS) {
            LongUnaryOperator of = name.equals(Recording.UNRECLAIMABLE) ? mib : others.getOrDefault(name, at -> 0);
            columns.put(name, values(details, of));
        }
        Series current = new Series(ticks, Map.of(Recording.CURRENT, values(ticks, mib)));
        return Verdicts.of(Evidence.of(kill(levels), current, new Series(details, columns), victim));
    }

    private static long[] times(int everyMs) {
        long[] times = new long[60_000 / everyMs + 1];
        for (int i = 0; i < times.length; i++) {
            times[i] = (long) i * everyMs - 60_000;
        }
        return times;
    }

    private static long[] values(long[] times, LongUnaryOperator mib) {
        long[] values = new long[times.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = mib.applyAsLong(times[i]) * MIB;
        }
        return values;
    }

    private static State state(String cgroup, boolean pod, long max, long used) {
        return new State(cgroup, pod, max, used, used, 0, Value.ABSENT, 0);
    }

    private static Kill kill(List<State> levels) {
        return new Kill(null, 0, 0, 1, 1, false, null, null, new byte[0], levels);
    }
}
