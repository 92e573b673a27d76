package io.memspike.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.memspike.config.Settings.Mode;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Sampler.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
    private static final long MILLI = 1_000_000;

    @Test
    void shouldBeTheDefaultsWhenNothingIsTyped() throws BadOption {
        Settings settings = of();
        assertThat(settings.mode()).isEqualTo(Mode.NODE);
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(10137);
        assertThat(settings.gzip()).isFalse();
        assertThat(settings.paths().cgroupfs()).isEqualTo(Path.of("/sys/fs/cgroup"));
        assertThat(settings.paths().procfs()).isEqualTo(Path.of("/proc"));
        assertThat(settings.schedule()).isEqualTo(new Schedule(50 * MILLI, 200 * MILLI, 0.03, 60));
        assertThat(settings.nameSources()).containsExactly("kubelet", "container_logs", "docker", "podman");
        assertThat(settings.kubelet().base()).isNull();
        assertThat(settings.processes()).isEqualTo(new ProcessWatch.Schedule(60_000 * MILLI, 0.01, 4L << 30));
        assertThat(settings.exclude().matcher("memspike_ticks_total").matches()).isFalse();
    }

    /** An option, its variable, a value and another, and what they set. */
    static List<Arguments> options() {
        return List.of(
                option(
                        "web.listen-address",
                        "WEB_LISTEN_ADDRESS",
                        "127.0.0.1:80",
                        "[::1]:81",
                        s -> s.host() + s.port()),
                option("web.gzip", "WEB_GZIP", "true", "false", Settings::gzip),
                option(
                        "path.cgroupfs",
                        "PATH_CGROUPFS",
                        "/tmp",
                        "/",
                        s -> s.paths().cgroupfs()),
                option("path.procfs", "PATH_PROCFS", "/tmp", "/", s -> s.paths().procfs()),
                option(
                        "path.containerlogs",
                        "PATH_CONTAINERLOGS",
                        "/tmp",
                        "/",
                        s -> s.paths().containerLogs()),
                option("path.docker", "PATH_DOCKER", "/tmp", "/", s -> s.paths().docker()),
                option("path.podman", "PATH_PODMAN", "/tmp", "/", s -> s.paths().podman()),
                option("names.sources", "NAMES_SOURCES", "docker, podman", "podman", Settings::nameSources),
                option(
                        "kubelet.url",
                        "KUBELET_URL",
                        "https://10.0.0.5:10250",
                        "https://[fd00::1]:10250/",
                        s -> s.kubelet().base()),
                option(
                        "kubelet.token-file",
                        "KUBELET_TOKEN_FILE",
                        "/proc/version",
                        "/proc/meminfo",
                        s -> s.kubelet().tokenFile()),
                option(
                        "kubelet.ca-file",
                        "KUBELET_CA_FILE",
                        "/proc/version",
                        "/proc/meminfo",
                        s -> s.kubelet().caFile()),
                option(
                        "kubelet.insecure-skip-verify",
                        "KUBELET_INSECURE_SKIP_VERIFY",
                        "true",
                        "false",
                        s -> s.kubelet().insecureSkipVerify()),
                option(
                        "namespace.include",
                        "NAMESPACE_INCLUDE",
                        "a|b",
                        "c",
                        s -> s.filter().namespaces().include().pattern()),
                option(
                        "namespace.exclude",
                        "NAMESPACE_EXCLUDE",
                        "a|b",
                        "c",
                        s -> s.filter().namespaces().exclude().pattern()),
                option(
                        "pod.include",
                        "POD_INCLUDE",
                        "a|b",
                        "c",
                        s -> s.filter().pods().include().pattern()),
                option(
                        "pod.exclude",
                        "POD_EXCLUDE",
                        "a|b",
                        "c",
                        s -> s.filter().pods().exclude().pattern()),
                option(
                        "pod.sandbox",
                        "POD_SANDBOX",
                        "true",
                        "false",
                        s -> s.filter().sandboxes()),
                option(
                        "pss.interval",
                        "PSS_INTERVAL",
                        "0s",
                        "5m",
                        s -> s.processes().intervalNanos()),
                option(
                        "pss.largest-process",
                        "PSS_LARGEST_PROCESS",
                        "512MiB",
                        "100GiB",
                        s -> s.processes().largestProcessBytes()),
                option(
                        "sample.interval",
                        "SAMPLE_INTERVAL",
                        "10ms",
                        "100ms",
                        s -> s.schedule().intervalNanos()),
                option(
                        "sample.detail-interval",
                        "SAMPLE_DETAIL_INTERVAL",
                        "1s",
                        "1m",
                        s -> s.schedule().detailIntervalNanos()),
                option(
                        "sample.cpu-budget",
                        "SAMPLE_CPU_BUDGET",
                        "1.5%",
                        "100%",
                        s -> s.schedule().cpuShare()),
                option("window", "WINDOW", "30s", "5m", s -> s.schedule().windowSeconds()),
                option(
                        "metrics.exclude",
                        "METRICS_EXCLUDE",
                        "jvm_.*",
                        "a|b",
                        s -> s.exclude().pattern()),
                option("demo", "DEMO", "true", "false", Settings::mode),
                option("version", "VERSION", "true", "false", Settings::mode),
                option("help", "HELP", "true", "false", Settings::mode));
    }

    @ParameterizedTest
    @MethodSource("options")
    void shouldTakeTheFlagInBothFormsBeforeTheEnvironment(
            String flag, String variable, String one, String other, Function<Settings, Object> get) throws BadOption {
        Map<String, String> environment = Map.of("MEMSPIKE_" + variable, other);
        Object first = get.apply(of("--" + flag + "=" + one));
        Object second = get.apply(Settings.of(List.of(), environment));
        assertThat(first).isNotEqualTo(second);
        assertThat(get.apply(of("--" + flag + "=" + other))).isEqualTo(second);
        assertThat(get.apply(Settings.of(List.of("--" + flag + "=" + one), environment)))
                .isEqualTo(first);
        assertThat(get.apply(of("--" + flag + "=" + other, "--" + flag + "=" + one)))
                .as("the last wins")
                .isEqualTo(first);
        boolean isSwitch = one.equals("true");
        assertThat(get.apply(isSwitch ? of("--" + flag) : of("--" + flag, one))).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(Option.class)
    void shouldStandInTheHelpWithItsDefault(Option option) {
        assertThat(Settings.usage()).contains("--" + option.key());
        assertThat(Settings.usage().lines()).allMatch(line -> line.length() <= 160);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "web.listen-address, 10137",
                "web.listen-address, :",
                "web.listen-address, :65536",
                "web.listen-address, :-1",
                "web.listen-address, a:b",
                "web.listen-address, ::1:80",
                "web.gzip, yes",
                "web.gzip, TRUE",
                "web.gzip, ``",
                "path.cgroupfs, /no/such/directory",
                "path.cgroupfs, /proc/version",
                "path.procfs, /no/such/directory",
                "path.containerlogs, /no/such/directory",
                "path.docker, /proc/version",
                "names.sources, dns",
                "names.sources, `docker,docker`",
                "names.sources, `kubelet,container_logs`",
                "kubelet.url, 10.0.0.5:10250",
                "kubelet.url, ftp://10.0.0.5",
                "kubelet.url, https://",
                "kubelet.url, https://10.0.0.5:10250/pods",
                "kubelet.url, https://10.0.0.5:10250?a=b",
                "kubelet.url, https://a b",
                "path.podman, ``",
                "kubelet.token-file, /no/such/file",
                "kubelet.ca-file, /no/such/file",
                "kubelet.insecure-skip-verify, yes",
                "namespace.include, [",
                "pod.exclude, (",
                "pss.interval, 60",
                "pss.interval, 25h",
                "pss.largest-process, 8",
                "pss.largest-process, 8GB",
                "pss.largest-process, -8GiB",
                "pss.largest-process, 9999999GiB",
                "sample.interval, 50",
                "sample.interval, 0ms",
                "sample.interval, -50ms",
                "sample.interval, 50 ms",
                "sample.interval, 1.5s",
                "sample.interval, 11s",
                "sample.interval, 99999999999999999999ms",
                "sample.interval, 50MS",
                "sample.interval, 50us",
                "sample.detail-interval, 49ms",
                "sample.detail-interval, 61s",
                "sample.cpu-budget, 0%",
                "sample.cpu-budget, 101%",
                "sample.cpu-budget, 3",
                "sample.cpu-budget, 0.03",
                "sample.cpu-budget, NaN%",
                "sample.cpu-budget, -3%",
                "window, 0s",
                "window, 1500ms",
                "window, 11m",
                "window, ``",
                "metrics.exclude, (",
                "metrics.exclude, *",
                "demo, maybe"
            })
    void shouldNameTheOptionInOneLineWhenItsValueIsBad(String key, String value) {
        for (String text : List.of(value, value + "\n", value + "\r\nnext")) {
            BadOption bad = catchThrowableOfType(BadOption.class, () -> of("--" + key + "=" + text));
            assertThat(bad).isNotNull();
            assertThat(bad.getMessage()).startsWith("--" + key + "=" + value).doesNotContain("\n", "\r");
        }
        String variable = "MEMSPIKE_" + key.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
        assertThatThrownBy(() -> Settings.of(List.of(), Map.of(variable, value)))
                .isInstanceOf(BadOption.class)
                .hasMessageContaining("--" + key);
    }

    @Test
    void shouldSayWhatIsWrongWhenTheOptionItselfIs() {
        assertThatThrownBy(() -> of("--sample.intervall=1s"))
                .hasMessageStartingWith("unknown option --sample.intervall");
        assertThatThrownBy(() -> of("window=60s")).hasMessageStartingWith("unknown option window");
        assertThatThrownBy(() -> of("--demo", "true")).hasMessageStartingWith("unknown option true");
        assertThatThrownBy(() -> of("")).hasMessageStartingWith("unknown option");
        assertThatThrownBy(() -> of("--window")).hasMessage("--window needs a value");
        assertThatThrownBy(() -> of("--path.cgroupfs=a\0b")).isInstanceOf(BadOption.class);
    }

    @Test
    void shouldTolerateUnknownVariablesWhenKubernetesSetsThem() throws BadOption {
        Map<String, String> environment =
                Map.of("MEMSPIKE_PORT", "tcp://10.0.0.1:10137", "MEMSPIKE_SERVICE_HOST", "10.0.0.1", "window", "x");
        assertThat(Settings.of(List.of(), environment))
                .usingRecursiveComparison()
                .withEqualsForType((a, b) -> a.pattern().equals(b.pattern()), Pattern.class)
                .isEqualTo(of());
    }

    @Test
    void shouldPreferHelpToVersionToDemo() throws BadOption {
        assertThat(of("--demo", "--version", "--help").mode()).isEqualTo(Mode.HELP);
        assertThat(of("--demo", "--version").mode()).isEqualTo(Mode.VERSION);
        assertThat(of("--demo").mode()).isEqualTo(Mode.DEMO);
    }

    @Test
    void shouldListenEverywhereWhenNoHostIsGiven(@TempDir Path dir) throws BadOption, IOException {
        assertThat(of("--web.listen-address=:0").host()).isEqualTo("0.0.0.0");
        assertThat(of("--web.listen-address=[fe80::1]:1").host()).isEqualTo("fe80::1");
        Path named = Files.createDirectory(dir.resolve("cgroup"));
        assertThat(of("--path.cgroupfs=" + named).paths().cgroupfs()).isEqualTo(named);
        assertThat(of("--demo", "--path.cgroupfs=/no/such").mode())
                .as("not needed")
                .isEqualTo(Mode.DEMO);
    }

    private static Settings of(String... arguments) throws BadOption {
        return Settings.of(List.of(arguments), Map.of());
    }

    private static Arguments option(
            String flag, String variable, String one, String other, Function<Settings, Object> get) {
        return Arguments.of(flag, variable, one, other, get);
    }
}
