package io.memspike.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.memspike.testkit.Reference;
import java.util.Arrays;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class MeminfoFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void swapFree(byte[] text) {
        byte[] buffer = Arrays.copyOf(text, text.length + 24);
        Arrays.fill(buffer, text.length, buffer.length, (byte) '7');
        assertThat(Meminfo.parse(buffer, text.length)).isEqualTo(Reference.swapFreeKilobytes(text));
    }
}
