package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One answer of /metrics, taken apart with no more care than a test needs: {@link Grammar} has the strict parsers. */
record Scrape(String text, Map<String, Double> samples) {
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    static Scrape of(String text) {
        Map<String, Double> samples = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            if (!line.isEmpty() && line.charAt(0) != '#') {
                int blank = line.lastIndexOf(' ');
                // simpleclient ends the labels of the old format with a comma.
                String series = line.substring(0, blank).replace("\",}", "\"}");
                Double before = samples.put(series, Double.valueOf(line.substring(blank + 1)));
                assertThat(before).as("series twice: %s", line).isNull();
            }
        }
        return new Scrape(text, samples);
    }

    /** The series of one name, with all of these label values. */
    List<String> series(String name, String... labelValues) {
        List<String> found = new ArrayList<>();
        for (String series : samples.keySet()) {
            if ((series.equals(name) || series.startsWith(name + "{")) && hasAll(series, labelValues)) {
                found.add(series);
            }
        }
        return found;
    }

    boolean has(String name, String... labelValues) {
        return !series(name, labelValues).isEmpty();
    }

    /** The value of the one series of that name with these label values. */
    double value(String name, String... labelValues) {
        List<String> found = series(name, labelValues);
        assertThat(found).as("%s %s", name, List.of(labelValues)).hasSize(1);
        return samples.get(found.get(0));
    }

    /** The value, or this when there is no such series. */
    double value(double otherwise, String name, String... labelValues) {
        return has(name, labelValues) ? value(name, labelValues) : otherwise;
    }

    /** Every value, as it stands in the text, of one label of the series of one name. */
    Set<String> labels(String name, String label) {
        Set<String> values = new TreeSet<>();
        for (String series : series(name)) {
            Matcher labels = LABEL.matcher(series);
            while (labels.find()) {
                if (labels.group(1).equals(label)) {
                    values.add(labels.group(2));
                }
            }
        }
        return values;
    }

    /** The names of the families, from their TYPE lines. */
    Set<String> families() {
        Set<String> names = new TreeSet<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                assertThat(names.add(line.split(" ", -1)[2]))
                        .as("one family, one TYPE: %s", line)
                        .isTrue();
            }
        }
        return names;
    }

    /** The text without numbers: equal for two answers with the same series in the same order. */
    String shape() {
        return text.replaceAll("(?m)^([^#].*) \\S+$", "$1");
    }

    private static boolean hasAll(String series, String... labelValues) {
        for (String value : labelValues) {
            if (!series.contains("\"" + value + "\"")) {
                return false;
            }
        }
        return true;
    }
}
