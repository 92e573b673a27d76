package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.memspike.linux.Outcome;
import io.memspike.testkit.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;

/** The parsers of /proc/PID against the reference, on anything. See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class ProcFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void smapsRollup(byte[] text) {
        assertLikeReference(text);
    }

    @FuzzTest(maxDuration = "60s")
    void status(byte[] text) {
        long[] values = new long[ProcStatus.COUNT];
        Outcome outcome = ProcStatus.parse(padded(text), text.length, values);
        long[] reference = Reference.kilobyteLines(text, 0, List.of("VmRSS", "RssAnon", "RssShmem"));
        assertThat(outcome).isEqualTo(reference == null ? Outcome.MALFORMED : Outcome.OK);
        assertThat(values).containsExactly(reference == null ? new long[] {NONE, NONE, NONE} : reference);
    }

    @FuzzTest(maxDuration = "60s")
    void cgroup(byte[] text) {
        String whole = new String(text, StandardCharsets.ISO_8859_1);
        String expected = Stream.of(
                        whole.substring(0, whole.lastIndexOf('\n') + 1).split("\n", -1))
                .filter(line -> line.startsWith("0::/"))
                .map(line -> new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .map(line -> line.substring(3).replaceFirst(" \\(deleted\\)$", ""))
                .findFirst()
                .orElse(null);
        assertThat(ProcCgroup.path(padded(text), text.length)).isEqualTo(expected);
    }

    private static final long NONE = Reference.NONE;

    /** The values that the parser gives are those of the reference; returns them. */
    static long[] assertLikeReference(byte[] text) {
        long[] shares = new long[Footprint.PARTS];
        Outcome outcome = new SmapsRollup().parse(padded(text), text.length, shares);
        long[] lines = Reference.kilobyteLines(
                text,
                3,
                List.of("Pss", "Private_Clean", "Private_Dirty", "Pss_Anon", "Pss_File", "Pss_Shmem", "SwapPss"));
        assertThat(outcome).isEqualTo(lines == null ? Outcome.MALFORMED : Outcome.OK);
        assertThat(shares)
                .containsExactly(
                        lines == null
                                ? new long[] {NONE, NONE, NONE, NONE, NONE, NONE}
                                : new long[] {lines[0], lines[3], lines[4], lines[5], lines[1] + lines[2], lines[6]});
        return shares;
    }

    /** The text, and behind it what an earlier, longer file may have left in the buffer. */
    private static byte[] padded(byte[] text) {
        byte[] buffer = Arrays.copyOf(text, text.length + 24);
        Arrays.fill(buffer, text.length, buffer.length, (byte) '7');
        buffer[buffer.length - 1] = '\n';
        return buffer;
    }
}
