package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What isn't in the kernel's format is malformed as a whole: no exception, no value at all, never a wrong one. */
class MalformedTest {
    private static final String EVENTS = "low 0\nhigh 1\nmax 2\noom 3\noom_kill 4\noom_group_kill 5\n";
    private static final String PRESSURE =
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=11\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n";

    /** What may stand where a number should. */
    static List<String> noNumbers() {
        return List.of(
                "",
                "-1",
                "+1",
                "9223372036854775807",
                "9223372036854775808",
                "9999999999999999999",
                "18446744073709551616",
                "0".repeat(20),
                "0x10",
                "1f",
                "1.5",
                "1e3",
                " 1",
                "1 ",
                "1\t",
                "1\r",
                "1 2",
                "max2",
                "Max",
                "nan",
                "1\0",
                "\u0661",
                "7".repeat(100_000));
    }

    static Stream<String> noSingleValues() {
        return Stream.concat(
                noNumbers().stream().map(text -> text + "\n"),
                Stream.of("", "1", "max", "ma", "maxx\n", "1\n2\n", "1\n\n", "max\nmax\n", "\n1\n"));
    }

    @ParameterizedTest
    @MethodSource("noSingleValues")
    void shouldBeAbsentWhenASingleValueIsNotOneNumberInOneLine(String text) {
        byte[] bytes = Parsed.ascii(text);
        assertThat(SingleValue.parse(Parsed.padded(bytes), bytes.length)).isEqualTo(Value.ABSENT);
    }

    @ParameterizedTest
    @MethodSource("noNumbers")
    void shouldBeMalformedWhenAWantedValueIsNoNumber(String number) {
        assertEventsMalformed(EVENTS.replace("max 2", "max " + number));
        assertEventsMalformed(EVENTS.replace("oom_group_kill 5", "oom_group_kill " + number));
        assertPressureMalformed(PRESSURE.replace("total=11", "total=" + number));
        assertPressureMalformed(PRESSURE.replace("total=7", "total=" + number));
    }

    @Test
    void shouldBeMalformedWhenTheFormIsNotTheKernels() {
        for (String text : List.of("", "\n", "\n\n\n", "x", "garbage\n", "\0\0\0\0\n", "x".repeat(500_000) + "\n")) {
            assertEventsMalformed(text);
            assertPressureMalformed(text);
        }
        assertEventsMalformed(EVENTS.replace("\n", "\r\n"));
        assertEventsMalformed(EVENTS.replace(" ", "  "));
        assertEventsMalformed(EVENTS.replace(" ", "\t"));
        assertEventsMalformed(EVENTS.replace("\n", "\n "));
        assertEventsMalformed(EVENTS.replace("oom_kill ", "oom_kills "));
        assertPressureMalformed(PRESSURE.replace("\n", "\r\n"));
        assertPressureMalformed(PRESSURE.replace(" total", "total"));
        assertPressureMalformed(PRESSURE.replace("full", "fulll"));
        assertPressureMalformed(PRESSURE + PRESSURE.substring(0, 20));
    }

    /** Cut off at each byte, in the middle of a number and between two lines too. */
    @Test
    void shouldNeverGiveAWrongNumberWhenCutOffAnywhere() {
        byte[] stat = Fixtures.bytes(Fixtures.dir("stat/6.12/busy/memory.stat"));
        FlatKeyed parser = MemoryStat.parser();
        for (int length = 0; length <= stat.length; length++) {
            long[] values = new long[MemoryStat.COUNT];
            Outcome outcome = parser.parse(stat, length, values);
            byte[] text = Arrays.copyOf(stat, length);
            Parsed.assertSame(outcome, values, Reference.flatKeyed(text, MemoryStat.COUNT - 1, Parsed.STAT_KEYS));
        }
        for (int length = 0; length < PRESSURE.length(); length++) {
            assertPressureMalformed(PRESSURE.substring(0, length));
        }
    }

    @Test
    void shouldPassOverWhatIsUnknownWhenItStandsInTheMiddle() {
        for (String unknown :
                List.of("new 1\n", "new\n", "\n", "new -1 x\n", "oom_kill_new 9\n", "maximum 3\n", " max 8\n")) {
            String text = "x 1\n" + EVENTS.replace("oom ", unknown + "oom ");
            long[] values = new long[MemoryEvents.COUNT];
            byte[] bytes = Parsed.ascii(text);
            assertThat(MemoryEvents.parser().parse(bytes, bytes.length, values)).isEqualTo(Outcome.OK);
            assertThat(values).containsExactly(1, 2, 4, 5);
        }
        String more = "# avg\nnew total=5\n" + PRESSURE.replace("full", "irq avg10=0.00 total=x\nfull");
        long[] values = new long[Pressure.COUNT];
        assertThat(Pressure.parse(Parsed.ascii(more), more.length(), values)).isEqualTo(Outcome.OK);
        assertThat(values).containsExactly(11, 7);
    }

    @Test
    void shouldBeAbsentAloneWhenAnOlderKernelHasNoSuchKey() {
        byte[] text = Parsed.ascii(EVENTS.replace("oom_group_kill 5\n", ""));
        long[] values = new long[MemoryEvents.COUNT];
        assertThat(MemoryEvents.parser().parse(text, text.length, values)).isEqualTo(Outcome.OK);
        assertThat(values).containsExactly(1, 2, 4, Value.ABSENT);
    }

    private static void assertEventsMalformed(String text) {
        byte[] bytes = Parsed.ascii(text);
        long[] values = new long[MemoryEvents.COUNT];
        Outcome outcome = MemoryEvents.parser().parse(Parsed.padded(bytes), bytes.length, values);
        Parsed.assertSame(outcome, values, null);
    }

    private static void assertPressureMalformed(String text) {
        byte[] bytes = Parsed.ascii(text);
        long[] values = new long[Pressure.COUNT];
        Parsed.assertSame(Pressure.parse(Parsed.padded(bytes), bytes.length, values), values, null);
    }
}
