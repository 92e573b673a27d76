package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Allocations;
import io.memspike.testkit.Fixtures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmapsRollupTest {
    private static final long MIB = 1 << 20;
    private static final String REQUIRED = "Pss: 5 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 2 kB\n";

    private final SmapsRollup parser = new SmapsRollup();
    private final long[] shares = new long[Footprint.PARTS];

    static List<Path> captured() {
        return Fixtures.named("smaps_rollup");
    }

    @ParameterizedTest
    @MethodSource("captured")
    void shouldReadWhatTheReferenceReadsWhenCaptured(Path file) {
        assertThat(ProcFuzzTest.assertLikeReference(Fixtures.bytes(file))).doesNotContain(Footprint.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "6.18", "7.3"})
    void shouldSayWhatTheProcessIsKnownToHold(String kernel) {
        parse(Fixtures.text(Fixtures.dir("process/" + kernel + "/held/smaps_rollup")));
        assertThat(shares[Footprint.PSS_ANON]).isBetween(20 * MIB, 21 * MIB);
        assertThat(shares[Footprint.PSS_SHMEM]).isEqualTo(10 * MIB);
        assertThat(shares[Footprint.PSS]).isBetween(30 * MIB, 32 * MIB);
        assertThat(shares[Footprint.USS]).isBetween(30 * MIB, 32 * MIB);
        assertThat(shares[Footprint.SWAP_PSS]).isZero();
        parse(Fixtures.text(Fixtures.dir("process/" + kernel + "/forked/smaps_rollup")));
        assertThat(shares[Footprint.PSS_ANON]).isBetween(10 * MIB, 11 * MIB);
        assertThat(shares[Footprint.USS]).isLessThan(MIB);
    }

    @Test
    void shouldLeaveOutWhatAnOlderKernelDoesNotSay() {
        assertThat(parse(REQUIRED)).isEqualTo(Outcome.OK);
        assertThat(shares)
                .containsExactly(
                        5 * 1024, Footprint.UNKNOWN, Footprint.UNKNOWN, Footprint.UNKNOWN, 3 * 1024, Footprint.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "Pss: 5 kB\n",
                "Pss: 5 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 2 kB",
                REQUIRED + "Pss: 5 kB\n",
                REQUIRED + "Pss_Anon:\n",
                REQUIRED + "Pss_Anon: 5\n",
                REQUIRED + "Pss_Anon: -5 kB\n",
                REQUIRED + "Pss_Anon: 5 MB\n",
                REQUIRED + "Pss_Anon: 5 kB \n",
                REQUIRED + "Pss_Anon: 5kB\n",
                REQUIRED + "SwapPss: 1234567890123456 kB\n"
            })
    void shouldBeMalformedWhenAWantedLineIsNotInTheKernelsForm(String text) {
        assertThat(parse(text)).isEqualTo(Outcome.MALFORMED);
        assertThat(shares).containsOnly(Footprint.UNKNOWN);
    }

    @Test
    void shouldPassOverLinesItDoesNotKnow() {
        assertThat(parse("00400000-7fff ---p 0 00:00 0 [rollup]\nPss_Dirty: many\nNew:\n\n" + REQUIRED))
                .isEqualTo(Outcome.OK);
    }

    @Test
    void shouldAllocateNothing() {
        byte[] text = Fixtures.bytes(captured().get(0));
        assertThat(Allocations.of(10_000, () -> parser.parse(text, text.length, shares)))
                .isZero();
    }

    private Outcome parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return parser.parse(bytes, bytes.length, shares);
    }
}
