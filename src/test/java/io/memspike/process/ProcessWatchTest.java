package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memspike.linux.Outcome;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessWatchTest {
    private static final long SECOND = 1_000_000_000;
    private static final long UNKNOWN = Footprint.UNKNOWN;

    @TempDir
    Path dir;

    private final FakeClock clock = new FakeClock();
    private final FakeWorkloads workloads = new FakeWorkloads("/risky", "/calm");
    private final Map<String, Integer> failures = new TreeMap<>();
    private FakeProc proc;
    private ProcessWatch watch;

    @BeforeEach
    void watch() {
        proc = new FakeProc(dir);
        watch = new ProcessWatch(
                proc,
                workloads,
                (source, outcome, what) -> failures.merge(source + " " + outcome.label(), 1, Integer::sum),
                new ProcessWatch.Schedule(30 * SECOND, 0.01, 1000 * 1024),
                clock);
    }

    @Test
    void shouldSumUpTheProcessesOfEachWorkload() {
        proc.process(10, "/risky", 100).process(11, "/risky", 200).process(12, "/calm", 400);
        proc.process(13, "/nobody's", 800);
        clock.now = 5;
        watch.pass();
        assertFootprint("/risky", 2, 298, 150, 75);
        assertFootprint("/calm", 1, 399, 200, 100);
        assertThat(risky().shares()).containsExactly(kb(298), kb(8), kb(10), kb(12), kb(30), kb(18));
        assertThat(risky().atNanos()).isEqualTo(5);
        assertThat(proc.walked).containsExactlyInAnyOrder(10, 11, 12);
        assertThat(watch.pssWorks()).isTrue();
        assertThat(watch.passes()).isOne();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldReadTheRiskiestWorkloadFirst() {
        proc.process(10, "/calm", 100).process(11, "/risky", 100).process(12, "/calm", 100);
        watch.pass();
        assertThat(proc.walked.get(0)).isEqualTo(11);
    }

    @Test
    void shouldReadWhatStandsBesideARemovedCgroup() {
        proc.process(10, "/risky (deleted)", 100);
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.12/zombie", "6.12/kernel-thread"})
    void shouldNotCountWhatHasNoMemoryOfItsOwn(String captured) {
        proc.process(10, "/risky", 100).withoutMemory(11, "/risky", captured);
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertThat(proc.walked).containsExactly(10);
        assertThat(failures).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ProcFile.class)
    void shouldLeaveOutAProcessThatEndsBeforeAnyOfItsFilesIsRead(ProcFile which) {
        proc.process(10, "/risky", 100).process(11, "/risky", 200);
        workloads.afterListing = () -> proc.before(11, which, () -> proc.end(11));
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertThat(watch.pssWorks()).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldLeaveOutAProcessThatBecomesAZombieBeforeItsSharesAreRead() {
        proc.process(10, "/risky", 100).process(11, "/risky", 200).write(11, ProcFile.SMAPS_ROLLUP, "");
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldNotCountAProcessThatEndedBeforeItWasLookedFor() {
        proc.process(10, "/risky", 100).process(11, "/risky", 200);
        proc.before(11, ProcFile.CGROUP, () -> proc.end(11));
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
    }

    @ParameterizedTest
    @EnumSource(ProcFile.class)
    void shouldCreditNobodyWhenThePidIsAnotherWorkloadsBeforeAnyFileIsRead(ProcFile which) {
        proc.process(10, "/risky", 100).process(11, "/risky", 200).process(12, "/calm", 50);
        workloads.afterListing = () -> proc.before(11, which, () -> proc.process(11, "/calm", 400));
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertFootprint("/calm", 1, 49, 25, 12);
    }

    @Test
    void shouldNotReadSharesOfAProcessThatIsTooLarge() {
        proc.process(10, "/risky", 1001).process(12, "/calm", 1000);
        watch.pass();
        assertUnknownShares("/risky", 1, 500, 250);
        assertFootprint("/calm", 1, 999, 500, 250);
        assertThat(proc.walked).containsExactly(12);
        assertThat(watch.tooLarge()).isOne();
        assertThat(failures).isEmpty();
        watch.pass();
        assertThat(watch.tooLarge()).isEqualTo(2);
    }

    @Test
    void shouldLeaveSharesUnknownWhenAProcessIsDenied() {
        proc.process(10, "/risky", 100).process(11, "/risky", 200).process(12, "/calm", 400);
        proc.answer(10, ProcFile.SMAPS_ROLLUP, Outcome.DENIED).answer(11, ProcFile.SMAPS_ROLLUP, Outcome.DENIED);
        watch.pass();
        assertUnknownShares("/risky", 2, 150, 75);
        assertFootprint("/calm", 1, 399, 200, 100);
        assertThat(watch.pssWorks()).isFalse();
        assertThat(failures).isEmpty();
        assertThat(proc.walked)
                .as("one of risky's is enough to know")
                .hasSize(2)
                .contains(12);
    }

    @Test
    void shouldTryAgainInTheNextPassWhenAProcessWasDenied() {
        proc.process(10, "/risky", 100).answer(10, ProcFile.SMAPS_ROLLUP, Outcome.DENIED);
        watch.pass();
        assertUnknownShares("/risky", 1, 50, 25);
        proc.answer(10, ProcFile.SMAPS_ROLLUP, Outcome.OK);
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertThat(watch.pssWorks()).isTrue();
    }

    @Test
    void shouldSayNothingOfProcessesThatAreHidden() {
        proc.process(10, "/risky", 100).answer(10, ProcFile.CGROUP, Outcome.DENIED);
        watch.pass();
        assertNothingSeen("/risky");
        assertThat(watch.pssWorks()).isFalse();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldLeaveSharesUnknownWhenTheKernelHasNoSmapsRollup() {
        proc.process(10, "/risky", 100).answer(10, ProcFile.SMAPS_ROLLUP, Outcome.ABSENT);
        watch.pass();
        assertUnknownShares("/risky", 1, 50, 25);
        assertThat(watch.pssWorks()).isFalse();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldCountAndLeaveUnknownWhatIsMalformed() {
        proc.process(10, "/risky", 100).write(10, ProcFile.SMAPS_ROLLUP, "Pss: many kB\n");
        proc.process(12, "/calm", 400).write(12, ProcFile.STATUS, "VmRSS:\t-1 kB\n");
        proc.process(13, "/calm", 400).write(13, ProcFile.CGROUP, "4:memory:/calm\n");
        watch.pass();
        assertUnknownShares("/risky", 1, 50, 25);
        assertThat(calm().processes()).isOne();
        assertThat(calm().rssAnon()).isEqualTo(UNKNOWN);
        assertThat(calm().shares()).containsOnly(UNKNOWN);
        assertThat(failures)
                .isEqualTo(Map.of("smaps_rollup malformed", 1, "proc_status malformed", 1, "proc_cgroup malformed", 1));
        assertThat(proc.walked).as("how large 12 is isn't known").containsExactly(10);
    }

    @Test
    void shouldCountWhatFailed() {
        proc.process(10, "/risky", 100).answer(10, ProcFile.SMAPS_ROLLUP, Outcome.FAILED);
        watch.pass();
        assertUnknownShares("/risky", 1, 50, 25);
        assertThat(failures).isEqualTo(Map.of("smaps_rollup failed", 1));
    }

    @Test
    void shouldSeeNothingWhenThereIsNoProc() {
        proc = new FakeProc(dir.resolve("none"));
        watch = new ProcessWatch(
                proc,
                workloads,
                (source, outcome, what) -> failures.merge(source + " " + outcome.label(), 1, Integer::sum),
                new ProcessWatch.Schedule(SECOND, 0.01, 0),
                clock);
        watch.pass();
        assertNothingSeen("/risky");
        assertThat(failures).isEqualTo(Map.of("procfs failed", 1));
    }

    @Test
    void shouldPassOverWhatIsNoProcess() {
        proc.process(10, "/risky", 100);
        for (String name : new String[] {"self", "1a", "-5", "99999999999", "+7", "١"}) {
            assertThat(dir.resolve(name).toFile().mkdir()).isTrue();
        }
        assertThat(dir.resolve("7").toFile().mkdir()).isTrue();
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldGoOnWithTheNextWorkloadWhenOneThrows() {
        proc.process(10, "/risky", 100).process(12, "/calm", 400);
        workloads.at("/risky").throwing = true;
        watch.pass();
        assertFootprint("/calm", 1, 399, 200, 100);
        assertThat(failures).isEqualTo(Map.of("defect failed", 1));
    }

    @Test
    void shouldEndThePassOnlyWhenTheWorkloadsThrow() {
        proc.process(10, "/risky", 100);
        workloads.afterListing = () -> {
            throw new IllegalStateException("of the test");
        };
        watch.pass();
        assertThat(failures).isEqualTo(Map.of("defect failed", 1));
        assertThat(watch.passes()).isOne();
        workloads.afterListing = () -> {};
        watch.pass();
        assertFootprint("/risky", 1, 99, 50, 25);
    }

    /** The walk over 100 GiB takes a second. */
    @Test
    void shouldKeepTheShareWhenEachReadTakesASecond() {
        long[] paidAtRead = new long[30];
        for (int i = 0; i < 30; i++) {
            int nth = i;
            proc.process(100 + i, "/risky", 100);
            proc.before(100 + i, ProcFile.SMAPS_ROLLUP, () -> {
                paidAtRead[nth] = clock.now - 100 * clock.cpu;
                clock.work(SECOND);
            });
            proc.before(100 + i, ProcFile.STATUS, () -> clock.work(20_000));
        }
        watch.pass();
        assertThat(clock.cpu).isGreaterThan(30 * SECOND);
        assertThat(Arrays.stream(paidAtRead))
                .as("all is paid for before a read")
                .allMatch(paid -> paid >= 0);
        // What the last process cost is waited for before the next pass.
        watch.pass();
        assertThat((double) clock.cpu / clock.now).isCloseTo(0.01, within(0.0002));
    }

    @Test
    void shouldAskWhoseItIsBeforeItWaits() {
        proc.process(10, "/risky", 100).before(10, ProcFile.SMAPS_ROLLUP, () -> clock.work(SECOND));
        long[] asked = new long[1];
        proc.before(10, ProcFile.CGROUP, () -> asked[0] = clock.now);
        watch.pass();
        assertThat(asked[0]).isEqualTo(SECOND);
    }

    private Footprint risky() {
        return workloads.at("/risky").last();
    }

    private Footprint calm() {
        return workloads.at("/calm").last();
    }

    private void assertFootprint(String path, int processes, long pss, long anon, long shmem) {
        assertThat(workloads.at(path).last().shares()[Footprint.PSS]).isEqualTo(kb(pss));
        assertStatus(path, processes, anon, shmem);
    }

    private void assertUnknownShares(String path, int processes, long anon, long shmem) {
        assertThat(workloads.at(path).last().shares()).containsOnly(UNKNOWN);
        assertStatus(path, processes, anon, shmem);
    }

    private void assertStatus(String path, int processes, long anon, long shmem) {
        Footprint footprint = workloads.at(path).last();
        assertThat(footprint.processes()).isEqualTo(processes);
        assertThat(footprint.rssAnon()).isEqualTo(kb(anon));
        assertThat(footprint.rssShmem()).isEqualTo(kb(shmem));
    }

    private void assertNothingSeen(String path) {
        Footprint footprint = workloads.at(path).last();
        assertThat(footprint.processes()).isZero();
        assertThat(footprint.shares()).containsOnly(UNKNOWN);
        assertThat(footprint.rssAnon()).isEqualTo(UNKNOWN);
        assertThat(footprint.rssShmem()).isEqualTo(UNKNOWN);
    }

    private static long kb(long kilobytes) {
        return kilobytes * 1024;
    }
}
