package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The shipped jar, running on the real kernel; as root and without names, one serves most tests of a run. */
final class KernelLab implements AutoCloseable {
    static final Path HOLD = Path.of("target/lab/hold").toAbsolutePath();
    private static final Path JAR = Path.of("target/memspike.jar").toAbsolutePath();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static KernelLab running;

    private final Process process;
    private final int port;

    private KernelLab(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The exporter, started at the first call and ended with this JVM. */
    static synchronized KernelLab running() {
        if (running == null) {
            assertThat(HOLD).as("made by src/lab/test").isExecutable();
            running = started(List.of(), "--names.sources=", "--path.data=" + System.getProperty("java.io.tmpdir"));
            Runtime.getRuntime().addShutdownHook(new Thread(running::close));
        }
        return running;
    }

    /** With a generous end: under emulation everything takes ten times as long. */
    static ConditionFactory eventually() {
        return Awaitility.await().pollInterval(Duration.ofMillis(100)).atMost(Duration.ofSeconds(60));
    }

    /**
     * One more.
     *
     * @param prefix put before java: {@code setpriv}
     */
    static KernelLab started(List<String> prefix, String... options) {
        int port = freePort();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                JAR.toString(),
                "--web.listen-address=127.0.0.1:" + port,
                // The budget is for machines at full speed: emulated, fifty reads of a few cgroups would use it up.
                "--sample.cpu-budget=100%"));
        command.addAll(List.of(options));
        try {
            KernelLab lab =
                    new KernelLab(new ProcessBuilder(command).inheritIO().start(), port);
            eventually().until(() -> lab.process.isAlive() && lab.isReady());
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    /** What the exporter says now. */
    Scrape scrape() {
        return new Scrape(get("/metrics").body());
    }

    private boolean isReady() {
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    HttpResponse<String> get(String path) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(30))
                    .build();
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many descriptors the exporter has open below the cgroup file system. */
    long openCgroupFiles() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return descriptors
                    .flatMap(fd -> target(fd).stream())
                    .filter(target -> target.startsWith("/sys/fs/cgroup/"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** One exposition, by series. */
    static final class Scrape {
        private final List<String> lines;

        Scrape(String text) {
            lines = new ArrayList<>(
                    text.lines().filter(line -> !line.startsWith("#")).toList());
        }

        /** The value of a family for a container or path; empty when it isn't exposed. */
        Optional<Double> find(String family, String container) {
            List<String> found = series(family, container);
            assertThat(found).as(family + " of " + container).hasSizeLessThan(2);
            return found.stream().findFirst().map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)));
        }

        double get(String family, String container) {
            return find(family, container)
                    .orElseThrow(() -> new AssertionError(
                            "no " + family + " of " + container + " in\n" + String.join("\n", lines)));
        }

        List<String> series(String family, String container) {
            String begin = "memspike_" + family + "{";
            String label = ",container=\"" + container + "\"";
            return lines.stream()
                    .filter(line -> line.startsWith(begin) && line.contains(label))
                    .toList();
        }

        double feature(String name) {
            return own("memspike_feature_enabled{feature=\"" + name + "\",}");
        }

        /** What went wrong with a source. */
        List<String> errors(String source) {
            return lines.stream()
                    .filter(line -> line.startsWith("memspike_source_errors_total{source=\"" + source + "\""))
                    .toList();
        }

        /** One of the exporter's own. */
        double own(String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow();
        }

        /** What the exporter says of its own work, for the record of a run. */
        String own() {
            return lines.stream()
                    .filter(line -> line.startsWith("memspike_tick") || line.startsWith("memspike_sample"))
                    .collect(Collectors.joining("\n"));
        }

        boolean has(String container) {
            return find("memory_current_bytes", container).isPresent();
        }
    }
}
