package io.memspike.config;

import io.memspike.pod.ContainerLogs;
import io.memspike.pod.Kubelet;
import io.memspike.pod.RuntimeNames;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Naming.Filter;
import io.memspike.sampling.Naming.Sieve;
import io.memspike.sampling.Sampler.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that the user can set, checked, once and for all.
 *
 * @param mode what to do at all
 * @param nameSources labels of the sources of names, in the order in which they are believed
 * @param filter which containers to expose
 * @param exclude families not to expose, by their whole name
 */
public record Settings(
        Mode mode,
        String host,
        int port,
        boolean gzip,
        Paths paths,
        Schedule schedule,
        ProcessWatch.Schedule processes,
        List<String> nameSources,
        Kubelet.Settings kubelet,
        Filter filter,
        Pattern exclude) {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]]*):(\\d{1,5})");

    private static final List<String> NAME_SOURCES =
            List.of(Kubelet.LABEL, ContainerLogs.LABEL, RuntimeNames.DOCKER, RuntimeNames.PODMAN);

    /** Of one core: to look at processes holds them up, so that it is worth little. */
    private static final double PROCESSES_SHARE = 0.01;

    /** Where the node's files are. */
    public record Paths(
            Path cgroupfs, Path procfs, Path containerLogs, Path docker, Path podman, Path kmsg, Path data) {}

    /** Of several, the first named here wins. */
    public enum Mode {
        HELP,
        VERSION,
        DEMO,
        NODE
    }

    /** Concludes the settings, or says which option is wrong, and how. */
    public static Settings of(List<String> arguments, Map<String, String> environment) throws BadOption {
        Values values = new Values(arguments, environment);
        Matcher address = ADDRESS.matcher(values.text(Option.WEB_LISTEN_ADDRESS));
        if (!address.matches() || Integer.parseInt(address.group(2)) > 65535) {
            throw values.bad(Option.WEB_LISTEN_ADDRESS, "is no HOST:PORT");
        }
        String host = address.group(1).replace("[", "").replace("]", "");
        Mode mode = mode(values);
        return new Settings(
                mode,
                host.isEmpty() ? "0.0.0.0" : host,
                Integer.parseInt(address.group(2)),
                values.isSet(Option.WEB_GZIP),
                new Paths(
                        directory(values, Option.PATH_CGROUPFS, mode),
                        directory(values, Option.PATH_PROCFS, mode),
                        directory(values, Option.PATH_CONTAINERLOGS, mode),
                        directory(values, Option.PATH_DOCKER, mode),
                        directory(values, Option.PATH_PODMAN, mode),
                        file(values, Option.PATH_KMSG, mode),
                        values.path(Option.PATH_DATA)),
                schedule(values),
                processes(values),
                nameSources(values),
                new Kubelet.Settings(
                        values.server(Option.KUBELET_URL),
                        file(values, Option.KUBELET_TOKEN_FILE, mode),
                        file(values, Option.KUBELET_CA_FILE, mode),
                        values.isSet(Option.KUBELET_INSECURE_SKIP_VERIFY)),
                new Filter(
                        new Sieve(values.pattern(Option.NAMESPACE_INCLUDE), values.pattern(Option.NAMESPACE_EXCLUDE)),
                        new Sieve(values.pattern(Option.POD_INCLUDE), values.pattern(Option.POD_EXCLUDE)),
                        values.isSet(Option.POD_SANDBOX)),
                values.pattern(Option.METRICS_EXCLUDE));
    }

    public static String usage() {
        return Option.usage();
    }

    private static Mode mode(Values values) throws BadOption {
        if (values.isSet(Option.HELP)) {
            return Mode.HELP;
        }
        if (values.isSet(Option.VERSION)) {
            return Mode.VERSION;
        }
        return values.isSet(Option.DEMO) ? Mode.DEMO : Mode.NODE;
    }

    /** A directory that was named must be there; the default may be missing, which says that the node is unsuitable. */
    private static Path directory(Values values, Option option, Mode mode) throws BadOption {
        Path path = values.path(option);
        boolean named = !values.text(option).equals(option.standard());
        if (mode == Mode.NODE && named && !Files.isDirectory(path)) {
            throw values.bad(option, Files.exists(path) ? "is no directory" : "does not exist");
        }
        if (mode == Mode.NODE && named && !(Files.isReadable(path) && Files.isExecutable(path))) {
            throw values.bad(option, "can not be read");
        }
        return path;
    }

    /** A file that was named must be there; the default may be missing, outside Kubernetes. */
    private static Path file(Values values, Option option, Mode mode) throws BadOption {
        Path path = values.path(option);
        if (mode == Mode.NODE && !values.text(option).equals(option.standard()) && !Files.isReadable(path)) {
            throw values.bad(option, Files.exists(path) ? "can not be read" : "does not exist");
        }
        return path;
    }

    private static ProcessWatch.Schedule processes(Values values) throws BadOption {
        Duration interval = values.duration(Option.PSS_INTERVAL, Duration.ZERO, Duration.ofHours(24));
        return new ProcessWatch.Schedule(interval.toNanos(), PROCESSES_SHARE, values.bytes(Option.PSS_LARGEST_PROCESS));
    }

    private static List<String> nameSources(Values values) throws BadOption {
        List<String> named = Arrays.stream(values.text(Option.NAMES_SOURCES).split(",", -1))
                .map(String::strip)
                .filter(source -> !source.isEmpty())
                .toList();
        if (!NAME_SOURCES.containsAll(named) || Set.copyOf(named).size() != named.size()) {
            throw values.bad(Option.NAMES_SOURCES, "is no list of " + String.join(", ", NAME_SOURCES));
        }
        if (values.isTyped(Option.NAMES_SOURCES)
                && named.contains(Kubelet.LABEL)
                && values.text(Option.KUBELET_URL).isEmpty()) {
            throw values.bad(Option.NAMES_SOURCES, "asks the kubelet, and --kubelet.url doesn't say where it is");
        }
        return named;
    }

    private static Schedule schedule(Values values) throws BadOption {
        Duration interval = values.duration(Option.SAMPLE_INTERVAL, Duration.ofMillis(1), Duration.ofSeconds(2));
        // Nobody who asks for slow ticks alone should be told of the default of another option.
        Duration least = values.isTyped(Option.SAMPLE_DETAIL_INTERVAL) ? interval : Duration.ofMillis(1);
        Duration detail = values.duration(Option.SAMPLE_DETAIL_INTERVAL, least, Duration.ofSeconds(60));
        Duration window = values.duration(Option.WINDOW, Duration.ofSeconds(1), Duration.ofMinutes(10));
        if (window.toMillis() % 1000 != 0) {
            throw values.bad(Option.WINDOW, "is not a number of whole seconds");
        }
        return new Schedule(
                interval.toNanos(),
                Math.max(interval.toNanos(), detail.toNanos()),
                values.share(Option.SAMPLE_CPU_BUDGET),
                (int) window.toSeconds());
    }
}
