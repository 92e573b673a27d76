package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.Reference;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every file that a real kernel gave, against the reference. One parser reads them all, as at run time. */
class CapturedFilesTest {
    @Test
    void shouldReadEveryMemoryStatAsTheReferenceDoes() {
        assertFlatKeyed("memory.stat", MemoryStat.parser(), MemoryStat.COUNT - 1, Parsed.STAT_KEYS);
    }

    @Test
    void shouldReadEveryMemoryEventsAsTheReferenceDoes() {
        assertFlatKeyed("memory.events", MemoryEvents.parser(), MemoryEvents.COUNT - 1, Parsed.EVENTS_KEYS);
        assertFlatKeyed("memory.events.local", MemoryEvents.parser(), MemoryEvents.COUNT - 1, Parsed.EVENTS_KEYS);
    }

    @Test
    void shouldReadEveryCgroupEventsAsTheReferenceDoes() {
        assertFlatKeyed("cgroup.events", new FlatKeyed(1, "populated"), 1, List.of("populated"));
    }

    @Test
    void shouldReadEveryMemoryPressureAsTheReferenceDoes() {
        for (Path file : captured("memory.pressure")) {
            byte[] text = Fixtures.bytes(file);
            long[] values = new long[Pressure.COUNT];
            Outcome outcome = Pressure.parse(Parsed.padded(text), text.length, values);
            assertThat(outcome).as("%s", file).isEqualTo(Outcome.OK);
            Parsed.assertSame(outcome, values, Reference.pressure(text));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory.current",
                "memory.max",
                "memory.high",
                "memory.peak",
                "memory.swap.current",
                "memory.swap.max",
                "memory.oom.group"
            })
    void shouldReadEverySingleValueAsTheReferenceDoes(String name) {
        for (Path file : captured(name)) {
            byte[] text = Fixtures.bytes(file);
            assertThat(SingleValue.parse(Parsed.padded(text), text.length))
                    .as("%s", file)
                    .isEqualTo(Reference.single(text))
                    .isNotEqualTo(Value.ABSENT);
        }
    }

    @Test
    void shouldBeUnlimitedWhenItSaysMax() {
        byte[] text = Parsed.ascii("max\n");
        assertThat(SingleValue.parse(text, text.length)).isEqualTo(Value.UNLIMITED);
        assertThat(Value.isNumber(Value.UNLIMITED)).isFalse();
        assertThat(Value.isNumber(Value.ABSENT)).isFalse();
        assertThat(Value.isNumber(0)).isTrue();
    }

    private static void assertFlatKeyed(String name, FlatKeyed parser, int required, List<String> keys) {
        for (Path file : captured(name)) {
            byte[] text = Fixtures.bytes(file);
            long[] values = new long[keys.size()];
            Outcome outcome = parser.parse(Parsed.padded(text), text.length, values);
            assertThat(outcome).as("%s", file).isEqualTo(Outcome.OK);
            Parsed.assertSame(outcome, values, Reference.flatKeyed(text, required, keys));
        }
    }

    private static List<Path> captured(String name) {
        List<Path> files = Fixtures.named(name);
        assertThat(files).as(name).isNotEmpty();
        return files;
    }
}
