package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PublishedTest {
    private static final int SIZE = Field.COUNT;
    private static final int WRITES = 300_000;

    private final Published published = new Published(SIZE);

    @Test
    void shouldCopyToThePlaceAskedForWhenWritten() {
        long[] row = new long[SIZE];
        Arrays.setAll(row, i -> i);
        published.write(row);
        row[0] = 99;
        long[] into = new long[SIZE + 4];
        published.copyTo(into, 3);
        assertThat(into[2]).isZero();
        assertThat(into[3]).isZero();
        assertThat(into[3 + SIZE - 1]).isEqualTo(SIZE - 1);
    }

    /** Each row holds one number throughout, and numbers rise: a copy of two rows, or an older one, would show. */
    @Test
    void shouldNeverShowPartsOfTwoRowsWhenReadersMeetTheWriter() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        List<Future<Long>> results = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            results.add(readers.submit(() -> read(done)));
        }
        long[] row = new long[SIZE];
        for (int write = 1; write <= WRITES; write++) {
            Arrays.fill(row, write);
            published.write(row);
        }
        done.set(true);
        for (Future<Long> result : results) {
            assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(WRITES);
        }
        readers.shutdown();
    }

    /** @return the number of the last row */
    private long read(AtomicBoolean done) {
        long[] copy = new long[SIZE];
        long last = 0;
        boolean over;
        do {
            over = done.get();
            published.copyTo(copy, 0);
            for (long value : copy) {
                if (value != copy[0]) {
                    throw new AssertionError("torn: " + Arrays.toString(copy));
                }
            }
            if (copy[0] < last) {
                throw new AssertionError(copy[0] + " after " + last);
            }
            last = copy[0];
        } while (!over);
        return last;
    }
}
