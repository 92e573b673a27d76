package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.memspike.linux.Outcome;
import io.memspike.testkit.Reference;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Order;

/**
 * The parsers against the reference, on anything. {@code mvn test} runs the seeds (captured files, whole and broken);
 * to search for new ones, one property at a time, for the time that stands at each:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn test -Dtest=ParserFuzzTest#stat
 * </pre>
 *
 * Finds are written to src/test/resources, next to the seeds, and are seeds from then on.
 */
@Order(Integer.MAX_VALUE)
class ParserFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void singleValue(byte[] text) {
        assertThat(SingleValue.parse(Parsed.padded(text), text.length)).isEqualTo(Reference.single(text));
    }

    @FuzzTest(maxDuration = "60s")
    void stat(byte[] text) {
        assertLikeReference(MemoryStat.parser(), text, MemoryStat.COUNT - 1, Parsed.STAT_KEYS);
    }

    @FuzzTest(maxDuration = "60s")
    void events(byte[] text) {
        assertLikeReference(MemoryEvents.parser(), text, MemoryEvents.COUNT - 1, Parsed.EVENTS_KEYS);
    }

    /** Two files, with a zero byte between them, through one parser: what the first was must not be seen. */
    @FuzzTest(maxDuration = "60s")
    void sequence(byte[] both) {
        int border = 0;
        while (border < both.length && both[border] != 0) {
            border++;
        }
        FlatKeyed parser = MemoryEvents.parser();
        byte[] first = Arrays.copyOf(both, border);
        byte[] second = Arrays.copyOfRange(both, Math.min(border + 1, both.length), both.length);
        assertLikeReference(parser, first, MemoryEvents.COUNT - 1, Parsed.EVENTS_KEYS);
        if (!Reference.hasDuplicates(second, Parsed.EVENTS_KEYS)) {
            assertLikeReference(parser, second, MemoryEvents.COUNT - 1, Parsed.EVENTS_KEYS);
        }
    }

    @FuzzTest(maxDuration = "60s")
    void pressure(byte[] text) {
        long[] values = new long[Pressure.COUNT];
        Outcome outcome = Pressure.parse(Parsed.padded(text), text.length, values);
        Parsed.assertSame(outcome, values, Reference.pressure(text));
    }

    private static void assertLikeReference(FlatKeyed parser, byte[] text, int required, List<String> keys) {
        long[] values = new long[keys.size()];
        Outcome outcome = parser.parse(Parsed.padded(text), text.length, values);
        Parsed.assertSame(outcome, values, Reference.flatKeyed(text, required, keys));
    }
}
