package io.memspike.config;

import java.util.Locale;

/** Every option, with its default as one would type it. */
enum Option {
    WEB_LISTEN_ADDRESS("web.listen-address", "HOST:PORT", "0.0.0.0:10137", "Address to serve on."),
    WEB_GZIP("web.gzip", "", "false", "Compress responses on request; costs 10-20 ms of CPU a scrape of 2 MB."),
    PATH_CGROUPFS("path.cgroupfs", "DIR", "/sys/fs/cgroup", "Root of the cgroup v2 file system."),
    PATH_PROCFS("path.procfs", "DIR", "/proc", "Mount point of procfs."),
    PATH_CONTAINERLOGS(
            "path.containerlogs", "DIR", "/var/log/containers", "The kubelet's links to logs: names of containers."),
    PATH_DOCKER("path.docker", "DIR", "/var/lib/docker/containers", "Where Docker keeps its containers' names."),
    PATH_PODMAN(
            "path.podman",
            "DIR",
            "/var/lib/containers/storage/overlay-containers",
            "Where Podman keeps its containers' names."),
    PATH_KMSG("path.kmsg", "FILE", "/dev/kmsg", "The kernel's log, for the victims of kills."),
    PATH_DATA("path.data", "DIR", "/var/lib/memspike", "Where incidents are kept; in memory when it can't be written."),
    NAMES_SOURCES(
            "names.sources",
            "LIST",
            "kubelet,container_logs,docker,podman",
            "Where names come from, in the order in which they are believed."),
    KUBELET_URL("kubelet.url", "URL", "", "The node's kubelet, asked for /pods; such as https://10.0.0.5:10250."),
    KUBELET_TOKEN_FILE(
            "kubelet.token-file",
            "FILE",
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "Token for the kubelet; read again as it rotates."),
    KUBELET_CA_FILE(
            "kubelet.ca-file",
            "FILE",
            "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
            "Whose signature the kubelet's certificate needs."),
    KUBELET_INSECURE_SKIP_VERIFY(
            "kubelet.insecure-skip-verify",
            "",
            "false",
            "Take whoever answers for the kubelet, and give it the token."),
    NAMESPACE_INCLUDE("namespace.include", "REGEX", ".*", "Namespaces to expose; matches the whole name."),
    NAMESPACE_EXCLUDE("namespace.exclude", "REGEX", "", "Namespaces to leave out; matches the whole name."),
    POD_INCLUDE("pod.include", "REGEX", ".*", "Pods to expose; matches the whole name."),
    POD_EXCLUDE("pod.exclude", "REGEX", "", "Pods to leave out; matches the whole name."),
    POD_SANDBOX("pod.sandbox", "", "false", "Expose pods' sandboxes (pause) too, as container POD."),
    SAMPLE_INTERVAL("sample.interval", "DURATION", "50ms", "From one read of memory.current to the next."),
    SAMPLE_DETAIL_INTERVAL(
            "sample.detail-interval",
            "DURATION",
            "200ms",
            "From one read of memory.stat to the next, when nothing moves; a jump is read at once."),
    SAMPLE_CPU_BUDGET(
            "sample.cpu-budget", "PERCENT", "3%", "Of one core for sampling; the interval is stretched to keep it."),
    WINDOW("window", "DURATION", "60s", "Over which peaks are taken; at least twice the scrape interval."),
    PSS_INTERVAL("pss.interval", "DURATION", "60s", "From one look at every process to the next; 0s: none."),
    PSS_LARGEST_PROCESS(
            "pss.largest-process",
            "BYTES",
            "4GiB",
            "Of larger ones PSS is not read, for that holds them up: 6-14 ms for each GiB."),
    METRICS_EXCLUDE("metrics.exclude", "REGEX", "", "Metric families to leave out; matches the whole name."),
    DEMO("demo", "", "false", "Watch a simulated node instead of this one."),
    VERSION("version", "", "false", "Print the version and exit."),
    HELP("help", "", "false", "Print this and exit.");

    private final String key;
    private final String argument;
    private final String standard;
    private final String help;

    Option(String key, String argument, String standard, String help) {
        this.key = key;
        this.argument = argument;
        this.standard = standard;
        this.help = help;
    }

    /** As on the command line, without the dashes. */
    String key() {
        return key;
    }

    String standard() {
        return standard;
    }

    /** Whether it stands without a value: {@code --demo}. */
    boolean isSwitch() {
        return argument.isEmpty();
    }

    /** The environment variable of the same meaning. */
    String variable() {
        return "MEMSPIKE_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    static String usage() {
        StringBuilder text = new StringBuilder("Usage: memspike [--OPTION[=VALUE] ...]\n\n");
        for (Option option : values()) {
            String form = "--" + option.key + (option.isSwitch() ? "" : "=" + option.argument);
            String standard = option.isSwitch() || option.standard.isEmpty() ? "" : " Default: " + option.standard;
            text.append("  %-36s %s%s%n".formatted(form, option.help, standard));
        }
        return text.append("\nEach is an environment variable too: --sample.interval is MEMSPIKE_SAMPLE_INTERVAL.\n")
                .toString();
    }
}
