package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Value;
import io.memspike.testkit.Allocations;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RingTest {
    private static final long MILLI = 1_000_000;
    private static final long PAGE = 4096;

    @Test
    void shouldBeEmptyWhenNothingWasAdded() {
        assertThat(new Ring(10, 2).copy(0)).isEmpty();
    }

    @Test
    void shouldGiveAgesAndBytesOldestFirstWhenSamplesWereAdded() {
        Ring ring = new Ring(10, 2);
        add(ring, 1000 * MILLI, 5 * PAGE, 3 * PAGE + 4095);
        add(ring, 1050 * MILLI, 6 * PAGE, Value.ABSENT);
        add(ring, 1100 * MILLI + 999_999, 0, 1);
        assertThat(ring.copy(1200 * MILLI)).isDeepEqualTo(new long[][] {
            {200, 5 * PAGE, 3 * PAGE}, {150, 6 * PAGE, Value.ABSENT}, {100, 0, 0}
        });
    }

    /** One slot less than there are: the writer may be at work on it. */
    @Test
    void shouldKeepTheLastOnesWhenItHasGoneRound() {
        Ring ring = new Ring(10, 1);
        for (int i = 0; i < 1234; i++) {
            ring.begin(i * MILLI);
            ring.put(0, i * PAGE);
            ring.commit();
        }
        long[][] samples = ring.copy(1234 * MILLI);
        assertThat(samples).hasNumberOfRows(9);
        for (int i = 0; i < 9; i++) {
            assertThat(samples[i]).containsExactly(9 - i, (1234 - 9 + i) * PAGE);
        }
    }

    @Test
    void shouldNotShowASampleWhenItIsNotCommitted() {
        Ring ring = new Ring(4, 1);
        add(ring, MILLI, PAGE);
        ring.begin(2 * MILLI);
        ring.put(0, 2 * PAGE);
        assertThat(ring.copy(2 * MILLI)).isDeepEqualTo(new long[][] {{1, PAGE}});
    }

    @Test
    void shouldGiveTheRightAgeWhenTheClocksIntHasWrapped() {
        Ring ring = new Ring(4, 1);
        long wrap = (1L << 31) * MILLI;
        add(ring, wrap - 5 * MILLI, PAGE);
        add(ring, wrap + 5 * MILLI, PAGE);
        assertThat(ring.copy(wrap + 10 * MILLI)).isDeepEqualTo(new long[][] {{15, PAGE}, {5, PAGE}});
    }

    @Test
    void shouldCutOffWhenThePagesAreMoreThanAnInt() {
        Ring ring = new Ring(2, 1);
        add(ring, 0, Long.MAX_VALUE - 1);
        assertThat(ring.copy(0)[0][1]).isEqualTo((long) Integer.MAX_VALUE << 12);
    }

    /** The columns of a sample are one number, and samples follow each other: anything else is torn. */
    @Test
    void shouldNeverShowATornSampleWhenItIsCopiedWhileWritten() throws Exception {
        Ring ring = new Ring(32, 3);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        Future<Integer> copies = reader.submit(() -> {
            int count = 0;
            while (!done.get() || count == 0) {
                check(ring.copy(0));
                count++;
            }
            return count;
        });
        for (int i = 0; i < 2_000_000; i++) {
            add(ring, 0, i % 100_000 * PAGE, i % 100_000 * PAGE, i % 100_000 * PAGE);
        }
        done.set(true);
        assertThat(copies.get(30, TimeUnit.SECONDS)).isPositive();
        reader.shutdown();
    }

    private static void check(long[][] samples) {
        for (int i = 0; i < samples.length; i++) {
            long[] sample = samples[i];
            boolean whole = sample[1] == sample[2] && sample[2] == sample[3];
            boolean follows = i == 0 || sample[1] == (samples[i - 1][1] + PAGE) % (100_000 * PAGE);
            if (!whole || !follows) {
                throw new AssertionError("sample " + i + " of " + samples.length + " is torn");
            }
        }
    }

    @Test
    void shouldAllocateNothingWhenAdding() {
        Ring ring = new Ring(100, 2);
        assertThat(Allocations.of(10_000, () -> {
                    ring.begin(1);
                    ring.put(0, 2);
                    ring.put(1, 3);
                    ring.commit();
                }))
                .isZero();
    }

    private static void add(Ring ring, long now, long... bytes) {
        ring.begin(now);
        for (int column = 0; column < bytes.length; column++) {
            ring.put(column, bytes[column]);
        }
        ring.commit();
    }
}
