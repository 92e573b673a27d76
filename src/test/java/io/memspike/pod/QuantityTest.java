package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "128974848, 128974848",
        "+5, 5",
        "128Mi, 134217728",
        "1Gi, 1073741824",
        "1G, 1000000000",
        "1.5Gi, 1610612736",
        "0.5Ki, 512",
        "1k, 1000",
        "1Ki, 1024",
        "2M, 2000000",
        "1T, 1000000000000",
        "1Ti, 1099511627776",
        "1P, 1000000000000000",
        "1Pi, 1125899906842624",
        "1E, 1000000000000000000",
        "1Ei, 1152921504606846976",
        "1e9, 1000000000",
        "1E9, 1000000000",
        "1e+3, 1000",
        "1500e-3, 2",
        "5., 5",
        ".5G, 500000000",
        "129e6, 129000000",
        "129M, 129000000",
        "128974848000m, 128974848",
        "9007199254740993, 9007199254740993",
        "9223372036854775807, 9223372036854775807",
        "7.999999999999999999Ei, 9223372036854775807",
    })
    void shouldBeExact(String text, long bytes) {
        assertThat(Quantity.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"100m, 1", "1m, 1", "1001m, 2", "1n, 1", "1u, 1", "0.1, 1", "1e-300, 1", "0.0000000001Ki, 1", "0m, 0"})
    void shouldRoundUpAsKubernetesDoes(String text, long bytes) {
        assertThat(Quantity.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "+",
                "-",
                "Mi",
                "-1",
                "-1Gi",
                "lots",
                "1 Gi",
                " 1Gi",
                "1Gi ",
                "1gi",
                "1ki",
                "1K",
                "1mi",
                "1Kii",
                "1e",
                "1e9Mi",
                "1e1.5",
                "0x10",
                "1_000",
                "1,000",
                "1.2.3",
                "NaN",
                "Infinity",
                "٣",
                "9223372036854775808",
                "8Ei",
                "1e19",
                "1e999",
                "1e9999",
                "1e99999999999999999999",
                "00000000000000000000000000000000000000000000000000000000000000001"
            })
    void shouldBeUnknownWhereItIsNoAmount(String text) {
        assertThat(Quantity.parse(text)).isNull();
    }
}
