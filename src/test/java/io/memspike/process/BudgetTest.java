package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTest {
    private static final long SECOND = 1_000_000_000;

    private final FakeClock clock = new FakeClock();
    private final Budget budget = new Budget(0.01, clock);

    @ParameterizedTest
    @ValueSource(longs = {1_000, 30_000, 50_000_000, SECOND, 60 * SECOND})
    void shouldKeepTheShareWhateverTheSizeOfThePieces(long piece) {
        Random random = new Random(1);
        while (clock.cpu < 100 * Math.max(piece, 1_000_000)) {
            clock.work((long) (piece * 2 * random.nextDouble()));
            budget.pay();
        }
        budget.payAll();
        assertThat((double) clock.cpu / clock.now).isCloseTo(0.01, within(1e-6));
    }

    @Test
    void shouldPutShortWaitsTogether() {
        clock.work(30_000);
        budget.pay();
        assertThat(clock.parks).isZero();
        clock.work(80_000);
        budget.pay();
        assertThat(clock.parks).isOne();
        assertThat(clock.now).isEqualTo(100 * 110_000);
    }

    @Test
    void shouldOweNothingAfterAllIsPaidEvenWhenWaitsAreCutShort() {
        clock.longestPark = SECOND;
        clock.work(SECOND);
        budget.payAll();
        assertThat(clock.now).isEqualTo(100 * SECOND);
        assertThat(clock.parks).isEqualTo(99);
    }

    @Test
    void shouldChargeTheTimeThatSomeoneWasHeldUpWhenItIsMoreThanCpuTime() {
        clock.cpu += SECOND / 2;
        clock.now += SECOND;
        budget.charge(SECOND);
        budget.payAll();
        assertThat(clock.now).isEqualTo(100 * SECOND);
    }

    @Test
    void shouldGiveNoCreditForAWaitThatTookTooLong() {
        clock.work(SECOND);
        clock.oversleeps = 3600 * SECOND;
        budget.payAll();
        clock.oversleeps = 0;
        long before = clock.now;
        clock.work(SECOND);
        budget.payAll();
        assertThat(clock.now - before).isEqualTo(100 * SECOND);
    }
}
