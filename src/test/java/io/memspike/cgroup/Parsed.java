package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.linux.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What the tests of parsers share. */
final class Parsed {
    static final List<String> STAT_KEYS = List.of(
            "anon",
            "file",
            "shmem",
            "file_dirty",
            "file_writeback",
            "inactive_anon",
            "active_anon",
            "inactive_file",
            "active_file",
            "slab_reclaimable",
            "pgmajfault",
            "kernel");
    static final List<String> EVENTS_KEYS = List.of("high", "max", "oom_kill", "oom_group_kill");

    private Parsed() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The text, and behind it what an earlier, longer file may have left in the buffer: digits and a newline. */
    static byte[] padded(byte[] text) {
        byte[] buffer = Arrays.copyOf(text, text.length + 24);
        Arrays.fill(buffer, text.length, buffer.length, (byte) '7');
        buffer[buffer.length - 1] = '\n';
        return buffer;
    }

    /** The outcome and the values are those of the reference; null is malformed, with every value absent. */
    static void assertSame(Outcome outcome, long[] values, long[] reference) {
        if (reference == null) {
            assertThat(outcome).isEqualTo(Outcome.MALFORMED);
            assertThat(values).containsOnly(Value.ABSENT);
        } else {
            assertThat(values).containsExactly(reference);
            assertThat(outcome).isEqualTo(Outcome.OK);
        }
    }
}
