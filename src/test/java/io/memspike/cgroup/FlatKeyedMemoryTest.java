package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import io.memspike.testkit.Allocations;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.Reference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a parser remembers where keys stood makes it faster, and is never to be seen in a result. */
class FlatKeyedMemoryTest {
    private static final int FILES = 3000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldReadEachAsIfItWereTheFirstWhenFilesOfAllKindsFollowEachOther(long seed) {
        Random random = new Random(seed);
        FlatKeyed parser = MemoryStat.parser();
        List<List<String>> captured = Fixtures.named("memory.stat").stream()
                .filter(path ->
                        path.toString().contains("stat/") || path.toString().contains("risk/"))
                .map(path -> List.of(Fixtures.text(path).split("\n", -1)))
                .toList();
        List<String> lines = new ArrayList<>(captured.get(0));
        for (int i = 0; i < FILES; i++) {
            if (random.nextInt(8) == 0) {
                lines = new ArrayList<>(captured.get(random.nextInt(captured.size())));
            }
            change(lines, random);
            String text = String.join("\n", lines);
            byte[] bytes = Parsed.ascii(random.nextInt(20) == 0 ? text.substring(random.nextInt(text.length())) : text);
            long[] values = new long[MemoryStat.COUNT];
            Outcome outcome = parser.parse(Parsed.padded(bytes), bytes.length, values);
            Parsed.assertSame(outcome, values, Reference.flatKeyed(bytes, MemoryStat.COUNT - 1, Parsed.STAT_KEYS));
        }
    }

    /** What kernels do to a file from one version or read to the next, and what none does. */
    private static void change(List<String> lines, Random random) {
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        switch (random.nextInt(12)) {
            case 0 -> lines.add(at, "new_" + random.nextInt(100) + " " + random.nextInt());
            case 1 -> lines.remove(lines.size() > 1 ? at : 0);
            case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
            case 3 -> lines.set(at, line + "x");
            default -> {
                int blank = line.indexOf(' ');
                lines.set(at, blank < 0 ? line : line.substring(0, blank + 1) + randomNumber(random));
            }
        }
        if (lines.isEmpty() || !lines.get(lines.size() - 1).isEmpty()) {
            lines.add("");
        }
    }

    private static String randomNumber(Random random) {
        return Long.toString(random.nextLong() >>> 1 >>> random.nextInt(63));
    }

    /** No kernel writes a key twice. If a file does, no other than its numbers may come out. */
    @Test
    void shouldGiveOneOfTheTwoWhenAKeyStandsTwice() {
        FlatKeyed parser = new FlatKeyed(1, "max");
        long[] values = new long[1];
        byte[] first = Parsed.ascii("highest 5\nmax 1\n");
        assertThat(parser.parse(first, first.length, values)).isEqualTo(Outcome.OK);
        byte[] twice = Parsed.ascii("max 12345\nmax 2\n");
        assertThat(parser.parse(twice, twice.length, values)).isEqualTo(Outcome.OK);
        assertThat(values[0]).isIn(12345L, 2L);
    }

    @Test
    void shouldAllocateNothingWhenParsing() {
        byte[] text = Fixtures.bytes(Fixtures.dir("stat/7.3/busy/memory.stat"));
        byte[] older = Fixtures.bytes(Fixtures.dir("stat/6.1/busy/memory.stat"));
        FlatKeyed parser = MemoryStat.parser();
        long[] values = new long[MemoryStat.COUNT];
        assertThat(Allocations.of(5000, () -> {
                    parser.parse(text, text.length, values);
                    parser.parse(older, older.length, values);
                }))
                .isZero();
    }
}
