package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class PodListFuzzTest {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]*)?|\\.[0-9]+");
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("", BigDecimal.ONE),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", new BigDecimal("1024")),
            Map.entry("Mi", new BigDecimal("1048576")),
            Map.entry("Gi", new BigDecimal("1073741824")),
            Map.entry("Ti", new BigDecimal("1099511627776")),
            Map.entry("Pi", new BigDecimal("1125899906842624")),
            Map.entry("Ei", new BigDecimal("1152921504606846976")));

    /** Names by well-formed ids, or one line that says why not. */
    @FuzzTest(maxDuration = "60s")
    void list(byte[] json) throws IOException {
        try {
            PodList list = PodList.parse(new ByteArrayInputStream(json));
            list.containers().forEach((id, name) -> {
                assertThat(id).matches("[0-9a-f]{64}");
                assertThat(name.namespace()).isNotEmpty();
                assertThat(name.pod()).isNotEmpty();
                assertThat(name.container()).isNotEmpty();
            });
        } catch (PodList.Malformed e) {
            assertThat(e.getMessage()).matches("[A-Za-z0-9 ,]+");
        }
    }

    @FuzzTest(maxDuration = "60s")
    void quantity(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Long parsed = Quantity.parse(text);
        if (text.length() <= 64 && !text.matches(".*[eE][+-]?[0-9]{4,}")) {
            assertThat(parsed).isEqualTo(reference(text));
        } else {
            assertThat(parsed).isNull();
        }
    }

    /** By the grammar, from left to right: a number, and then either one of the units or an exponent. */
    private static Long reference(String text) {
        String unsigned = text.startsWith("+") ? text.substring(1) : text;
        Matcher number = NUMBER.matcher(unsigned);
        if (!number.lookingAt()) {
            return null;
        }
        String suffix = unsigned.substring(number.end());
        BigDecimal unit = UNITS.get(suffix);
        if (unit == null && suffix.matches("[eE][+-]?[0-9]+")) {
            unit = new BigDecimal("1" + suffix);
        }
        if (unit == null) {
            return null;
        }
        BigDecimal exact = new BigDecimal(number.group()).multiply(unit);
        BigInteger floor = exact.toBigInteger();
        BigInteger rounded = exact.compareTo(new BigDecimal(floor)) > 0 ? floor.add(BigInteger.ONE) : floor;
        return rounded.bitLength() < Long.SIZE ? rounded.longValue() : null;
    }
}
