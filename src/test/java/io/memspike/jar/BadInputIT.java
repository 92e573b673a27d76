package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.jar.ShippedJar.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can't be is said in one line, with an exit code that scripts can tell apart. */
final class BadInputIT {
    @TempDir
    Path temp;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nope",
                "--nope=1",
                "-h",
                "serve",
                "--sample.interval",
                "--sample.interval=",
                "--sample.interval=fast",
                "--sample.interval=50",
                "--sample.interval=-5ms",
                "--sample.interval=0ms",
                "--sample.interval=11s",
                "--sample.interval=1.5s",
                "--sample.interval=99999999999ms",
                "--sample.interval=50ms\nand more",
                "--sample.detail-interval=49ms",
                "--sample.detail-interval=61s",
                "--window=1500ms",
                "--window=0s",
                "--window=999999999h",
                "--sample.cpu-budget=3",
                "--sample.cpu-budget=0%",
                "--sample.cpu-budget=101%",
                "--sample.cpu-budget=NaN%",
                "--metrics.exclude=(",
                "--metrics.exclude=jvm_[",
                "--web.listen-address=nonsense",
                "--web.listen-address=127.0.0.1",
                "--web.listen-address=127.0.0.1:65536",
                "--web.listen-address=127.0.0.1:-1",
                "--web.listen-address=[::1:80",
                "--web.gzip=yes",
                "--demo=maybe",
                "--path.cgroupfs=",
                "--path.cgroupfs=/does/not/exist",
                "--path.procfs=/does/not/exist",
                "--path.cgroupfs=pom.xml",
                "--path.procfs=pom.xml"
            })
    void shouldNameTheOptionAndExitWith2WhenItIsWrong(String option) throws IOException, InterruptedException {
        Ended ended = ShippedJar.with(option).run();
        assertOneLine(ended, 2);
        String name = option.contains("=") ? option.substring(0, option.indexOf('=')) : option;
        assertThat(ended.errorLines().get(0)).contains(name);
    }

    /** Where the test itself runs in such a locale, the letter arrives as another, of a path that isn't there. */
    @Test
    void shouldNameTheOptionWhenItsPathCanNotBeWrittenInTheLocale() throws IOException, InterruptedException {
        Ended ended = ShippedJar.with("--path.cgroupfs=/caf\u00e9")
                .environment("LC_ALL", "C")
                .run();
        assertOneLine(ended, 2);
        assertThat(ended.errorLines().get(0)).contains("--path.cgroupfs=/caf");
    }

    /** "(" is no value of any option: no number, no expression, no path, and neither true nor false. */
    @Test
    void shouldNameTheOptionWhenItsEnvironmentVariableIsWrong() throws IOException, InterruptedException {
        String help = ShippedJar.with("--help").run().out();
        Matcher options = Pattern.compile("(?m)^ +--([a-z.-]+)").matcher(help);
        int count = 0;
        while (options.find()) {
            String option = options.group(1);
            if (option.equals("path.data")) {
                // Without its folder it goes on, in memory, and says so.
                continue;
            }
            String variable =
                    "MEMSPIKE_" + option.toUpperCase(java.util.Locale.ROOT).replaceAll("[.-]", "_");
            Ended ended = ShippedJar.with()
                    .withoutAddress()
                    .environment(variable, "(")
                    .run();
            assertOneLine(ended, 2);
            assertThat(ended.errorLines().get(0)).contains("--" + option + "=(");
            count++;
        }
        assertThat(count).isGreaterThanOrEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({
        "nothing,      is no cgroup v2 file system",
        "v1,           is cgroup v1",
        "hybrid,       is a hybrid of cgroup v1 and v2",
        "no-memory,    is cgroup v2 without the memory controller",
        "empty-list,   is cgroup v2 without the memory controller",
        "a-directory,  is no cgroup v2 file system"
    })
    void shouldSayWhyAndExitWith1WhenTheNodeIsUnsuitable(String kind, String why)
            throws IOException, InterruptedException {
        switch (kind) {
            case "v1" -> Files.createDirectories(temp.resolve("memory"));
            case "hybrid" -> {
                Files.createDirectories(temp.resolve("memory"));
                Files.createDirectories(temp.resolve("unified"));
                Files.writeString(temp.resolve("unified/cgroup.controllers"), "");
            }
            case "no-memory" -> Files.writeString(temp.resolve("cgroup.controllers"), "cpuset cpu io pids\n");
            case "empty-list" -> Files.writeString(temp.resolve("cgroup.controllers"), "\n");
            case "a-directory" -> Files.createDirectories(temp.resolve("cgroup.controllers"));
            default -> assertThat(temp).isEmptyDirectory();
        }
        Ended ended = ShippedJar.with("--path.cgroupfs=" + temp).run();
        assertOneLine(ended, 1);
        assertThat(ended.errorLines().get(0)).contains(temp.toString(), why, "--demo");
    }

    @Test
    void shouldNameThePathAndExitWith2WhenTheRootCanNotBeRead() throws IOException, InterruptedException {
        Path root = temp.resolve("secret");
        Files.createDirectories(root);
        Files.writeString(root.resolve("cgroup.controllers"), "memory\n");
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("---------"));
        Ended ended =
                Nobody.runs(ShippedJar.with("--path.cgroupfs=" + root), temp).run();
        assertOneLine(ended, 2);
        assertThat(ended.errorLines().get(0)).contains("--path.cgroupfs=" + root, "can not be read");
    }

    @Test
    void shouldNameTheAddressAndExitWith1WhenThePortIsTaken() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "--web.listen-address=127.0.0.1:" + taken.getLocalPort();
            Ended ended = ShippedJar.on(Node.SMALL, address).withoutAddress().run();
            assertOneLine(ended, 1);
            assertThat(ended.errorLines().get(0)).contains(address, "in use");
        }
    }

    @Test
    void shouldNameTheAddressAndExitWith1WhenTheHostIsUnknown() throws IOException, InterruptedException {
        String address = "--web.listen-address=no-such-host.invalid:0";
        Ended ended = ShippedJar.on(Node.SMALL, address).withoutAddress().run();
        assertOneLine(ended, 1);
        assertThat(ended.errorLines().get(0)).contains(address);
    }

    @Test
    void shouldPrintEveryOptionAndExitWith0WhenAskedForHelp() throws IOException, InterruptedException {
        Ended ended = ShippedJar.with("--help").run();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errorLines()).isEmpty();
        assertThat(ended.out()).contains("--web.listen-address=HOST:PORT", "--demo", "MEMSPIKE_SAMPLE_INTERVAL");
        assertThat(ended.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThan(150));
    }

    @Test
    void shouldPrintTheVersionAndExitWith0WhenAskedForIt() throws IOException, InterruptedException {
        Ended ended = ShippedJar.with("--version").run();
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.errorLines()).isEmpty();
        assertThat(ended.out())
                .matches("memspike \\d+\\.\\d+\\.\\d+\\S* \\(revision [0-9a-f]{7,}\\S*, Java \\d+\\S*\\)\n");
    }

    @Test
    void shouldTakeEveryOptionFromTheEnvironment() {
        try (ShippedJar jar = ShippedJar.with()
                .withoutAddress()
                .environment("MEMSPIKE_WEB_LISTEN_ADDRESS", "127.0.0.1:0")
                .environment("MEMSPIKE_WEB_GZIP", "true")
                .environment(
                        "MEMSPIKE_PATH_CGROUPFS", Node.SMALL.resolve("cgroup").toString())
                .environment("MEMSPIKE_PATH_PROCFS", Node.SMALL.resolve("proc").toString())
                .environment("MEMSPIKE_SAMPLE_INTERVAL", "250ms")
                .environment("MEMSPIKE_SAMPLE_DETAIL_INTERVAL", "500ms")
                .environment("MEMSPIKE_SAMPLE_CPU_BUDGET", "90%")
                .environment("MEMSPIKE_WINDOW", "30s")
                .environment("MEMSPIKE_METRICS_EXCLUDE", "jvm_.*")
                // What Kubernetes sets beside them where a Service has our name.
                .environment("MEMSPIKE_PORT", "tcp://10.0.0.1:10137")
                .environment("MEMSPIKE_SERVICE_HOST", "10.0.0.1")
                .ready()) {
            Scrape scrape = jar.scrape();
            assertThat(scrape.value("memspike_sample_interval_seconds")).isEqualTo(0.25);
            assertThat(scrape.value("memspike_window_seconds")).isEqualTo(30);
            assertThat(scrape.families()).noneMatch(family -> family.startsWith("jvm_"));
            assertThat(jar.get("/metrics", "Accept-Encoding", "gzip").headers().firstValue("Content-Encoding"))
                    .contains("gzip");
        }
    }

    @Test
    void shouldPreferTheCommandLineWhenTheEnvironmentSaysOtherwise() {
        try (ShippedJar jar = ShippedJar.on(Node.SMALL, "--window=20s")
                .environment("MEMSPIKE_WINDOW", "30s")
                .environment("MEMSPIKE_SAMPLE_INTERVAL", "200ms")
                .ready()) {
            assertThat(jar.scrape().value("memspike_window_seconds")).isEqualTo(20);
            assertThat(jar.scrape().value("memspike_sample_interval_seconds")).isEqualTo(0.2);
        }
    }

    private static void assertOneLine(Ended ended, int exitCode) {
        assertThat(ended.errorLines()).hasSize(1);
        assertThat(List.of(ended.exitCode(), ended.out())).isEqualTo(List.of(exitCode, ""));
        assertThat(ended.errorLines().get(0)).startsWith("memspike: ");
    }
}
