package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas on what real kernels said of cgroups whose content is known. */
class RiskCapturedTest {
    private static final long MIB = 1 << 20;
    /**
     * What memory.current may be above the truth: pages charged ahead, 64 on each of the 2 CPUs (512 KiB), drained only
     * before an OOM kill; and the page tables of what the case holds, which an idle process hasn't (1/512 of it).
     */
    private static final long CHARGED_AHEAD = 2 * 64 * 4096 + 128 * 1024;
    /** The index of the locked file's page cache counts as slab_reclaimable, and isn't. */
    private static final long INDEX = 512 * 1024;

    static List<Path> cases() {
        return Fixtures.riskCases();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldFindWhatCannotBeReclaimedWhenTheContentIsKnown(Path dir) {
        Map<String, Long> truth = Fixtures.truth(dir);
        Long expected = truth.get("unreclaimable_expected");
        if (expected == null) {
            // A pod, made of its containers.
            expected = 0L;
            for (String member : List.of("a", "b")) {
                expected += Fixtures.truth(dir.resolveSibling(member)).getOrDefault("unreclaimable_expected", 0L);
            }
        }
        assertThat(unreclaimable(dir) - expected).as("%s", dir).isBetween(-INDEX, CHARGED_AHEAD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldSeeTmpfsWhichAnonRiskHides(String kernel) {
        Path tmpfs = Fixtures.dir("risk/" + kernel + "/tmpfs");
        assertThat(anonRisk(tmpfs)).isZero();
        assertThat(unreclaimable(tmpfs)).isGreaterThan(40 * MIB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldSeeLockedFilesWhichAnonRiskHides(String kernel) {
        Path mlocked = Fixtures.dir("risk/" + kernel + "/mlocked");
        assertThat(anonRisk(mlocked)).isLessThan(2 * MIB);
        assertThat(unreclaimable(mlocked)).isGreaterThan(40 * MIB - INDEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldNotCountFreedMemoryWhichIsStillAnon(String kernel) {
        Path freed = Fixtures.dir("risk/" + kernel + "/madv-free");
        assertThat(stat(freed)[MemoryStat.ANON]).isGreaterThan(40 * MIB);
        assertThat(anonRisk(freed)).isGreaterThan(40 * MIB);
        assertThat(unreclaimable(freed)).isLessThan(MIB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldSeeNoRiskWhenItIsPageCacheCleanOrDirty(String kernel) {
        for (String name : List.of("cache", "dirty")) {
            Path dir = Fixtures.dir("risk/" + kernel + "/" + name);
            assertThat(current(dir)).isGreaterThan(40 * MIB);
            assertThat(unreclaimable(dir)).as(name).isLessThan(MIB);
        }
        long[] dirty = stat(Fixtures.dir("risk/" + kernel + "/dirty"));
        assertThat(dirty[MemoryStat.FILE_DIRTY] + dirty[MemoryStat.FILE_WRITEBACK])
                .isCloseTo(40 * MIB, within(MIB));
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldTakeOffOnlyWhatSwapStillTakesWhenThereIsSwap(String kernel) {
        Path on = Fixtures.dir("risk/" + kernel + "/swap");
        assertThat(swapRoom(on)).isGreaterThan(64 * MIB);
        assertThat(unreclaimable(on)).as("on").isLessThan(MIB);
        Path off = Fixtures.dir("risk/" + kernel + "/swap-max-0");
        assertThat(swapRoom(off)).isZero();
        assertThat(unreclaimable(off)).as("memory.swap.max 0").isGreaterThan(60 * MIB);
        Path partly = Fixtures.dir("risk/" + kernel + "/swap-partly");
        assertThat(swapRoom(partly)).isStrictlyBetween(0L, 32 * MIB);
        assertThat(unreclaimable(partly))
                .isEqualTo(Risk.unreclaimable(current(partly), stat(partly), 0) - swapRoom(partly));
    }

    /** How much more anonymous memory really fitted until the kernel killed: what headroom is to say. */
    @ParameterizedTest
    @MethodSource("cases")
    void shouldForetellHowMuchFitsUntilTheKillWhenItWasMeasured(Path dir) {
        Long fitted = Fixtures.truth(dir).get("anon_until_oom_bytes");
        if (fitted == null) {
            return;
        }
        long headroom = Risk.headroom(Fixtures.number(dir.resolve("memory.max")), unreclaimable(dir));
        long tolerance = dir.endsWith("mlocked") ? 3 * MIB / 2 : 7 * MIB / 10;
        assertThat(headroom).as("%s", dir).isCloseTo(fitted, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldTakeTheKubeletsNumberForTheWorkingSet(Path dir) {
        long inactiveFile = stat(dir)[MemoryStat.INACTIVE_FILE];
        assertThat(Risk.workingSet(current(dir), stat(dir))).isEqualTo(Math.max(0, current(dir) - inactiveFile));
    }

    static long current(Path dir) {
        return Fixtures.number(dir.resolve("memory.current"));
    }

    static long[] stat(Path dir) {
        List<String> keys = List.of(("anon file shmem file_dirty file_writeback inactive_anon active_anon "
                        + "inactive_file active_file slab_reclaimable pgmajfault kernel")
                .split(" ", -1));
        return Reference.flatKeyed(Fixtures.bytes(dir.resolve("memory.stat")), keys.size(), keys);
    }

    static long swapRoom(Path dir) {
        Path meminfo =
                dir.resolve("meminfo").toFile().exists() ? dir.resolve("meminfo") : dir.resolveSibling("meminfo");
        long free = 1024 * Reference.swapFreeKilobytes(Fixtures.bytes(meminfo));
        return Risk.swapRoom(free, single(dir, "memory.swap.max"), single(dir, "memory.swap.current"));
    }

    static long unreclaimable(Path dir) {
        long unreclaimable = Risk.unreclaimable(current(dir), stat(dir), swapRoom(dir));
        assertThat(unreclaimable).isNotEqualTo(Value.ABSENT);
        return unreclaimable;
    }

    private static long anonRisk(Path dir) {
        return Risk.anonRisk(current(dir), stat(dir));
    }

    private static long single(Path dir, String file) {
        return Reference.single(Fixtures.bytes(dir.resolve(file)));
    }
}
