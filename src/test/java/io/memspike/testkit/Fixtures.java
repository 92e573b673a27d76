package io.memspike.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files captured from real kernels; see test-fixtures/README.md. */
public final class Fixtures {
    private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "test-fixtures");

    private Fixtures() {}

    /** Every captured file of that name, of all kernels and cases; what is made to be odd isn't captured. */
    public static List<Path> named(String file) {
        try (Stream<Path> all = Files.walk(ROOT)) {
            return all.filter(path -> path.endsWith(file))
                    .filter(path -> !path.startsWith(ROOT.resolve("oddity")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every directory of a case below {@code risk} that says what it holds. */
    public static List<Path> riskCases() {
        return named("truth.txt").stream()
                .map(Path::getParent)
                .filter(Fixtures::isComplete)
                .toList();
    }

    public static Path dir(String below) {
        return ROOT.resolve(below);
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Path file) {
        return new String(bytes(file), StandardCharsets.ISO_8859_1);
    }

    public static long number(Path file) {
        return Long.parseLong(text(file).strip());
    }

    /** The {@code key=value} lines of a truth.txt whose value is a number. */
    public static Map<String, Long> truth(Path caseDir) {
        Map<String, Long> truth = new HashMap<>();
        for (String line : text(caseDir.resolve("truth.txt")).split("\n", -1)) {
            String[] parts = line.split("=", -1);
            if (parts.length == 2 && parts[1].matches("\\d+")) {
                truth.put(parts[0], Long.parseLong(parts[1]));
            }
        }
        return truth;
    }

    private static boolean isComplete(Path caseDir) {
        return Files.exists(caseDir.resolve("memory.stat")) && Files.exists(caseDir.resolve("memory.current"));
    }
}
