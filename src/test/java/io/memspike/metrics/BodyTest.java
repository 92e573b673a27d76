package io.memspike.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.testkit.Allocations;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
    private static final int CHUNK = 64 * 1024;

    private final Body body = new Body();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void shouldWriteWhatBigDecimalWritesWhateverTheNumber(int decimals) {
        Random random = new Random(decimals);
        for (long extreme : new long[] {0, 1, -1, 10, 999_999_999, 1_000_000_000, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertWrites(extreme, decimals);
        }
        for (int i = 0; i < 20_000; i++) {
            assertWrites(random.nextLong() >> random.nextInt(64), decimals);
            assertWrites((random.nextLong() >> 1 + random.nextInt(62)) / 1000 * 1000, decimals);
        }
    }

    @Test
    void shouldDropZerosAtTheEndOfAFraction() {
        body.put(1_500_000, 6);
        body.put(' ');
        body.put(2_000_000, 6);
        body.put(' ');
        body.put(-5, 3);
        assertThat(body).hasToString("1.5 2 -0.005");
    }

    @ParameterizedTest
    @ValueSource(ints = {CHUNK - 25, CHUNK - 20, CHUNK - 19, CHUNK - 1, CHUNK, 3 * CHUNK - 7})
    void shouldGoOnInTheNextChunkWhenOneIsFull(int before) {
        body.put(new byte[before]);
        body.put(Long.MAX_VALUE, 0);
        body.put('\n');
        body.put("end".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(body.toString().substring(before)).isEqualTo("9223372036854775807\nend");
        assertThat(body.length()).isEqualTo(before + 23L);
        long sum = 0;
        for (int i = 0; i < body.chunks(); i++) {
            assertThat(body.length(i)).isBetween(1, CHUNK);
            sum += body.length(i);
        }
        assertThat(sum).isEqualTo(body.length());
    }

    @Test
    void shouldFillTheSameChunksAgainWhenCleared() {
        byte[] text = new byte[5 * CHUNK];
        assertThat(Allocations.of(20, () -> {
                    body.clear();
                    body.put(text);
                    body.put(42, 0);
                }))
                .isZero();
        body.clear();
        assertThat(body.length()).isZero();
        assertThat(body).hasToString("");
    }

    @Test
    void shouldKeepTwoBodiesAndNoMoreWhenGivenBack() {
        BodyPool pool = new BodyPool();
        Body[] taken = {pool.take(), pool.take(), pool.take()};
        taken[0].put('x');
        for (Body each : taken) {
            pool.give(each);
        }
        assertThat(pool.take()).isSameAs(taken[0]).hasToString("");
        assertThat(pool.take()).isSameAs(taken[1]);
        assertThat(pool.take()).isNotIn((Object[]) taken);
    }

    private void assertWrites(long value, int decimals) {
        body.clear();
        body.put(value, decimals);
        BigDecimal expected = BigDecimal.valueOf(value, decimals).stripTrailingZeros();
        assertThat(body).hasToString(expected.toPlainString());
    }
}
