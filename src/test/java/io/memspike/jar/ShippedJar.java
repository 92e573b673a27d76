package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** target/memspike.jar, running as a process of its own on a free port of the loopback interface. */
final class ShippedJar implements AutoCloseable {
    static final Path JAR = Path.of("target", "memspike.jar").toAbsolutePath();
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern LISTENS = Pattern.compile(".* watches .*: http://.*:(\\d+)/");
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final Process process;
    private final List<String> errorLines = new CopyOnWriteArrayList<>();
    private final Thread errorReader;
    private int port;

    private ShippedJar(Process process) {
        this.process = process;
        this.errorReader = new Thread(this::readErrors, "stderr of the jar");
        errorReader.setDaemon(true);
        errorReader.start();
    }

    /** What came of a jar that ended by itself. */
    record Ended(int exitCode, String out, List<String> errorLines) {}

    /** How to start it. */
    static final class Command {
        private final List<String> prefix = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        private final List<String> options;
        private final Map<String, String> environment = new HashMap<>();
        private Path jar = JAR;
        private Path directory = Path.of("").toAbsolutePath();
        private String address = "--web.listen-address=127.0.0.1:0";

        private Command(List<String> options) {
            this.options = options;
        }

        /** Put before java: {@code setpriv}. */
        Command by(List<String> words) {
            prefix.addAll(words);
            return this;
        }

        Command jvm(String... flags) {
            jvm.addAll(List.of(flags));
            return this;
        }

        Command environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        Command in(Path workingDirectory) {
            directory = workingDirectory;
            return this;
        }

        Command jar(Path other) {
            jar = other;
            return this;
        }

        /** Leaves the address to the options, or the environment. */
        Command withoutAddress() {
            address = "";
            return this;
        }

        /** Starts it, and waits for its port only. */
        ShippedJar start() {
            ShippedJar started = new ShippedJar(process(ProcessBuilder.Redirect.DISCARD));
            try {
                started.awaitPort();
            } catch (RuntimeException | Error e) {
                started.close();
                throw e;
            }
            return started;
        }

        /** Starts it, and waits until it says that it is ready. */
        ShippedJar ready() {
            ShippedJar started = start();
            try {
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> started.get("/-/ready").statusCode() == 200);
            } catch (RuntimeException | Error e) {
                started.close();
                throw e;
            }
            return started;
        }

        /** Runs it to its end, which it must come to by itself. */
        Ended run() throws IOException, InterruptedException {
            try (ShippedJar running = new ShippedJar(process(ProcessBuilder.Redirect.PIPE))) {
                String out = new String(running.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(running.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("ends by itself")
                        .isTrue();
                running.errorReader.join(PATIENCE.toMillis());
                return new Ended(running.process.exitValue(), out, running.errorLines());
            }
        }

        private Process process(ProcessBuilder.Redirect out) {
            List<String> words = new ArrayList<>(prefix);
            words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            words.addAll(jvm);
            words.addAll(List.of("-jar", jar.toString()));
            if (!address.isEmpty()) {
                words.add(address);
            }
            words.addAll(options);
            ProcessBuilder builder =
                    new ProcessBuilder(words).directory(directory.toFile()).redirectOutput(out);
            builder.environment().keySet().removeIf(name -> name.startsWith("MEMSPIKE_") || name.startsWith("JAVA_"));
            builder.environment().remove("JDK_JAVA_OPTIONS");
            builder.environment().putAll(environment);
            try {
                return builder.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Command with(String... options) {
        return new Command(List.of(options));
    }

    /** On a tree with cgroup/ and proc/, and containers/ and docker/ where there are names, as test-fixtures has them. */
    static Command on(Path node, String... more) {
        List<String> options = new ArrayList<>();
        options.add("--path.cgroupfs=" + node.resolve("cgroup").toAbsolutePath());
        options.add("--path.procfs=" + node.resolve("proc").toAbsolutePath());
        options.add("--path.kmsg=" + silentKernelLog());
        options.add("--path.data=" + emptyFolder());
        Map.of("containerlogs", "containers", "docker", "docker").forEach((option, folder) -> {
            if (Files.isDirectory(node.resolve(folder))) {
                options.add("--path." + option + "=" + node.resolve(folder).toAbsolutePath());
            }
        });
        options.addAll(List.of(more));
        return new Command(List.copyOf(options));
    }

    /** A FIFO that nobody ever writes: this machine's own log is no affair of a test's. */
    private static Path silentKernelLog() {
        Path fifo = Path.of("target", "kmsg").toAbsolutePath();
        try {
            if (!Files.exists(fifo)) {
                assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                        .isZero();
            }
            return fifo;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path emptyFolder() {
        try {
            Path folder = Files.createTempDirectory("memspike-data");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
            folder.toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    Process process() {
        return process;
    }

    /** What it has written to stderr so far. */
    List<String> errorLines() {
        return List.copyOf(errorLines);
    }

    /** @param headers name, value, name, value */
    HttpResponse<String> get(String path, String... headers) {
        return ask("GET", path, headers);
    }

    HttpResponse<String> ask(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** /metrics in the text format 0.0.4. */
    Scrape scrape() {
        HttpResponse<String> response = get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        return Scrape.of(response.body());
    }

    private void awaitPort() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
            if (!process.isAlive()) {
                errorReader.join();
                throw new AssertionError("ended with " + process.exitValue() + ": " + errorLines);
            }
            for (String line : errorLines) {
                Matcher listens = LISTENS.matcher(line);
                if (listens.matches()) {
                    port = Integer.parseInt(listens.group(1));
                    return true;
                }
            }
            return false;
        });
    }

    private void readErrors() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                errorLines.add(line);
            }
        } catch (IOException e) {
            errorLines.add("stderr can't be read any more: " + e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
