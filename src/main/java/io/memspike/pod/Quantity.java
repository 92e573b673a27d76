package io.memspike.pod;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount as Kubernetes writes it: {@code 128Mi}, {@code 1.5G}, {@code 1e9}, {@code 128974848}, {@code 100m}. See
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/.
 */
final class Quantity {
    /** E alone is 10^18; E with a number behind it is an exponent. */
    private static final Pattern FORM =
            Pattern.compile("\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?");

    /** A real one has twenty characters at most; without an end, a hostile one could take minutes. */
    private static final int LONGEST = 64;

    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "num kMGTPE";

    private Quantity() {}

    /**
     * The exact amount, its fraction rounded up as Kubernetes does; null where that is no amount, negative, or doesn't
     * fit: what isn't known is never 0.
     */
    static @Nullable Long parse(@Nullable String text) {
        if (text == null || text.length() > LONGEST) {
            return null;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        BigDecimal amount = new BigDecimal(form.group(1));
        String unit = form.group(2);
        String exponent = form.group(3);
        if (exponent != null) {
            amount = amount.scaleByPowerOfTen(Integer.parseInt(exponent));
        } else if (unit != null && unit.endsWith("i")) {
            amount = amount.multiply(BigDecimal.valueOf(1L << (10 * (BINARY.indexOf(unit.charAt(0)) + 1))));
        } else if (unit != null) {
            amount = amount.scaleByPowerOfTen(3 * (DECIMAL.indexOf(unit) - DECIMAL.indexOf(' ')));
        }
        BigDecimal whole = amount.setScale(0, RoundingMode.CEILING);
        return whole.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0 ? Long.valueOf(whole.longValueExact()) : null;
    }
}
