package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcStatusTest {
    private static final long MIB = 1 << 20;

    private final long[] values = new long[ProcStatus.COUNT];

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "6.18", "7.3"})
    void shouldSayWhatTheProcessIsKnownToHold(String kernel) {
        assertThat(parse(kernel + "/held")).isEqualTo(Outcome.OK);
        assertThat(values[ProcStatus.RSS_ANON]).isBetween(19 * MIB, 22 * MIB);
        // 6.1 is up to 4 MiB behind: see ProcStatus.
        assertThat(values[ProcStatus.RSS_SHMEM]).isBetween(6 * MIB, 11 * MIB);
        assertThat(values[ProcStatus.VM_RSS]).isGreaterThan(values[ProcStatus.RSS_ANON] + values[ProcStatus.RSS_SHMEM]);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "6.1/zombie",
                "6.12/zombie",
                "6.18/zombie",
                "7.3/zombie",
                "6.1/kernel-thread",
                "6.12/kernel-thread",
                "6.18/kernel-thread",
                "7.3/kernel-thread"
            })
    void shouldHaveNoMemoryWhenItIsAZombieOrAKernelThread(String process) {
        assertThat(parse(process)).isEqualTo(Outcome.OK);
        assertThat(values).containsOnly(Footprint.UNKNOWN);
    }

    private Outcome parse(String process) {
        byte[] text = Fixtures.bytes(Fixtures.dir("process/" + process + "/status"));
        return ProcStatus.parse(text, text.length, values);
    }
}
