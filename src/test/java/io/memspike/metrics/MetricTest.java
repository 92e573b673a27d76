package io.memspike.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.metrics.Metric.Type;
import io.memspike.sampling.Field;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {
    @ParameterizedTest
    @EnumSource(Metric.class)
    void shouldBeNamedByPrometheusRules(Metric metric) {
        String name = metric.family();
        assertThat(name).matches("memspike_[a-z]+(_[a-z]+)*");
        assertThat(name.endsWith("_total")).as("only counters").isEqualTo(metric.type() == Type.COUNTER);
        assertThat(name).doesNotMatch(".*_(count|sum|bucket|created|milliseconds|micros|kilobytes|percent)(_total)?");
        assertThat(metric.openMetricsFamily()).doesNotEndWith("_total");
        if (metric.type() == Type.INFO) {
            assertThat(name).endsWith("_info");
        }
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void shouldEndInItsBaseUnit(Metric metric) {
        if (metric.unit().isEmpty()) {
            assertThat(metric.family()).doesNotContain("bytes", "seconds", "ratio");
        } else {
            assertThat(metric.openMetricsFamily()).endsWith("_" + metric.unit());
        }
        assertThat(metric.decimals() > 0)
                .as("only parts of a second or of one are written with decimals")
                .isEqualTo(metric.field() != null && Set.of("seconds", "ratio").contains(metric.unit()));
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void shouldHaveHelpThatNeedsNoEscaping(Metric metric) {
        assertThat(metric.help()).isNotBlank().endsWith(".").matches("[ -\\[\\]-~]+");
    }

    @Test
    void shouldPublishEachFieldUnderOneName() {
        Set<Field> fields = EnumSet.noneOf(Field.class);
        for (Metric metric : Metric.values()) {
            if (metric.field() != null) {
                assertThat(fields.add(metric.field())).as("%s", metric).isTrue();
            }
        }
        assertThat(fields).containsExactlyInAnyOrder(Field.values());
        assertThat(Arrays.stream(Metric.values()).map(Metric::family)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "plain, plain",
                "a\\b, a\\\\b",
                "`a\"b`, `a\\\"b`",
                "machine-qemu\\x2d1.scope, machine-qemu\\\\x2d1.scope",
                "ü-\u4e2d, ü-\u4e2d"
            })
    void shouldEscapeLabelValuesAsBothFormatsAsk(String value, String escaped) {
        assertThat(Labels.escaped(value)).isEqualTo(escaped);
    }

    @Test
    void shouldEscapeLineFeedsAndEachBackslashOnce() {
        assertThat(Labels.escaped("a\nb")).isEqualTo("a\\nb");
        assertThat(Labels.escaped("\\n")).isEqualTo("\\\\n");
        assertThat(Labels.escaped("\\\"\n")).isEqualTo("\\\\\\\"\\n");
    }
}
