package io.memspike.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What was typed for each option: the command line first, then the environment, then the default. */
final class Values {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,5}(?:\\.\\d{1,5})?)%");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,6})(B|KiB|MiB|GiB|TiB)");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private final Map<Option, String> typed = new EnumMap<>(Option.class);

    Values(List<String> arguments, Map<String, String> environment) throws BadOption {
        // Unknown variables aren't errors: Kubernetes sets MEMSPIKE_PORT and others where a Service has our name.
        for (Option option : Option.values()) {
            String value = environment.get(option.variable());
            if (value != null) {
                typed.put(option, value);
            }
        }
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            Option option = named(argument);
            int equals = argument.indexOf('=');
            if (equals >= 0) {
                typed.put(option, argument.substring(equals + 1));
            } else if (option.isSwitch()) {
                typed.put(option, "true");
            } else if (i + 1 < arguments.size()) {
                typed.put(option, arguments.get(++i));
            } else {
                throw new BadOption("--" + option.key() + " needs a value");
            }
        }
    }

    private static Option named(String argument) throws BadOption {
        String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
        for (Option option : Option.values()) {
            if (name.equals("--" + option.key())) {
                return option;
            }
        }
        throw new BadOption("unknown option " + name + " (--help lists them)");
    }

    /** Whether it was said at all. */
    boolean isTyped(Option option) {
        return typed.containsKey(option);
    }

    String text(Option option) {
        return typed.getOrDefault(option, option.standard());
    }

    boolean isSet(Option option) throws BadOption {
        return switch (text(option)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad(option, "is neither true nor false");
        };
    }

    /** A number of ms, s, m or h, as Prometheus writes it. */
    Duration duration(Option option, Duration least, Duration most) throws BadOption {
        Matcher parts = DURATION.matcher(text(option));
        if (!parts.matches()) {
            throw bad(option, "is no duration such as 50ms, 1s or 5m");
        }
        Duration duration = Duration.ofMillis(Long.parseLong(parts.group(1)) * MILLIS.getOrDefault(parts.group(2), 0L));
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw bad(option, "is not between " + least.toMillis() + "ms and " + most.toMillis() + "ms");
        }
        return duration;
    }

    /** A share of one core, of at most all of it. */
    double share(Option option) throws BadOption {
        Matcher parts = PERCENT.matcher(text(option));
        double share = parts.matches() ? Double.parseDouble(parts.group(1)) / 100 : Double.NaN;
        if (!(share > 0 && share <= 1)) {
            throw bad(option, "is no percentage above 0% and up to 100%, such as 3%");
        }
        return share;
    }

    /** A number of bytes, KiB, MiB, GiB or TiB. */
    long bytes(Option option) throws BadOption {
        Matcher parts = BYTES.matcher(text(option));
        if (!parts.matches()) {
            throw bad(option, "is no size such as 512MiB or 8GiB");
        }
        return Long.parseLong(parts.group(1)) << (10 * UNITS.indexOf(parts.group(2)));
    }

    Path path(Option option) throws BadOption {
        try {
            // The empty path would be the working directory, which nobody means.
            if (!text(option).isEmpty()) {
                return Path.of(text(option));
            }
        } catch (InvalidPathException e) {
            // Letters that the locale can't write: told below.
        }
        throw bad(option, "is no path");
    }

    /** Where a server is: its scheme, host and port and nothing else; null when it isn't said. */
    @Nullable
    URI server(Option option) throws BadOption {
        if (text(option).isEmpty()) {
            return null;
        }
        try {
            URI uri = new URI(text(option));
            boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            String path = uri.getRawPath();
            if (http && uri.getHost() != null && (path.isEmpty() || path.equals("/")) && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw bad(option, "is no URL such as https://10.0.0.5:10250");
    }

    Pattern pattern(Option option) throws BadOption {
        try {
            return Pattern.compile(text(option));
        } catch (PatternSyntaxException e) {
            throw bad(option, "is no regular expression: " + e.getDescription());
        }
    }

    BadOption bad(Option option, String why) {
        return new BadOption("--" + option.key() + "=" + text(option) + " " + why);
    }
}
