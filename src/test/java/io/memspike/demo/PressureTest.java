package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PressureTest {
    private final Pressure pressure = new Pressure();
    private long now;

    @Test
    void shouldHaveTheKernelsTwoLinesWhenNothingStalled() {
        assertThat(content())
                .isEqualTo("some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n"
                        + "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
    }

    @Test
    void shouldCountMicrosecondsAndMoveTheAveragesWhenStalledHalfOfTheTime() {
        for (int step = 0; step < 100; step++) {
            pressure.add(10_000, 5_000);
            step();
        }

        // 50 % for one period of 2 s: 50 * (1 - exp(-2/10)), and so on.
        assertThat(content())
                .isEqualTo("some avg10=9.06 avg60=1.63 avg300=0.33 total=1000000\n"
                        + "full avg10=4.53 avg60=0.81 avg300=0.16 total=500000\n");
    }

    @Test
    void shouldNotStallLongerThanAStepWhenSeveralChildrenDo() {
        pressure.add(15_000, 0);
        pressure.add(15_000, 0);
        step();

        assertThat(content()).contains("total=20000\n");
    }

    @Test
    void shouldComeToRestWhenTheStallIsLongAgo() {
        pressure.add(20_000, 20_000);
        for (long second = 0; second < 3_600; second++) {
            for (int step = 0; step < 50; step++) {
                step();
            }
        }
        int version = pressure.version();
        for (int step = 0; step < 1_000; step++) {
            step();
        }

        assertThat(pressure.version()).isEqualTo(version);
        assertThat(content()).startsWith("some avg10=0.00 avg60=0.00 avg300=0.00 total=20000\n");
    }

    private void step() {
        now += 20;
        pressure.settle(now, 20);
    }

    private String content() {
        Text text = new Text();
        pressure.appendTo(text);
        return TextTest.content(text);
    }
}
