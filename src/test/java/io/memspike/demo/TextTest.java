package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TextTest {
    private final Text text = new Text();

    @Test
    void shouldWriteEveryNumberAsTheJdkDoesWhenItIsNotNegative() {
        for (long value : new long[] {0, 1, 9, 10, 99, 100, 4096, 999_999_999, 1_000_000_000, Long.MAX_VALUE}) {
            assertThat(content(text.clear().put(value).newline())).isEqualTo(value + "\n");
        }
    }

    @Test
    void shouldWriteTwoDecimalsWhenGivenHundredths() {
        assertThat(content(text.clear().putHundredths(0))).isEqualTo("0.00");
        assertThat(content(text.clear().putHundredths(7))).isEqualTo("0.07");
        assertThat(content(text.clear().putHundredths(1234))).isEqualTo("12.34");
        assertThat(content(text.clear().putHundredths(10_000))).isEqualTo("100.00");
    }

    @Test
    void shouldStartAnewWhenCleared() {
        text.put("a long line".getBytes(StandardCharsets.US_ASCII)).newline();

        assertThat(content(text.clear().put(1))).isEqualTo("1");
    }

    static String content(Text text) {
        return StandardCharsets.US_ASCII.decode(text.toBuffer()).toString();
    }
}
