package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuBudgetTest {
    private static final long MILLI = 1_000_000;

    private final CpuBudget budget = new CpuBudget(0.03, 50 * MILLI);

    @Test
    void shouldKeepTheConfiguredIntervalWhenTicksAreCheap() {
        assertThat(budget.interval(20 * MILLI, 20)).isEqualTo(50 * MILLI);
        assertThat(budget.interval(0, 20)).isEqualTo(50 * MILLI);
        assertThat(budget.interval(0, 0)).isEqualTo(50 * MILLI);
    }

    @Test
    void shouldStretchToTheShareWhenTicksAreDear() {
        assertThat(budget.interval(60 * MILLI, 20)).isEqualTo(100 * MILLI);
        assertThat(budget.interval(30 * MILLI, 10)).isEqualTo(100 * MILLI);
    }

    @Test
    void shouldComeBackWhenTicksAreCheapAgain() {
        long stretched = budget.interval(300 * MILLI, 20);
        assertThat(stretched).isEqualTo(500 * MILLI);
        for (int second = 0; second < 10; second++) {
            long next = budget.interval(MILLI, 20);
            assertThat(next).isLessThanOrEqualTo(stretched);
            stretched = next;
        }
        assertThat(stretched).isEqualTo(50 * MILLI);
    }

    @Test
    void shouldGoNoFurtherThanASecondHoweverDear() {
        assertThat(budget.interval(Long.MAX_VALUE / 2, 1)).isEqualTo(1000 * MILLI);
    }

    @Test
    void shouldNeverBeFasterThanConfiguredWhenThatIsSlowerThanASecond() {
        CpuBudget slow = new CpuBudget(0.5, 5000 * MILLI);
        assertThat(slow.interval(1, 1)).isEqualTo(5000 * MILLI);
        assertThat(slow.interval(Long.MAX_VALUE / 2, 1)).isEqualTo(5000 * MILLI);
    }
}
