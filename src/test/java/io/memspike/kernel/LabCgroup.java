package io.memspike.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A cgroup of our own on the real kernel; closing it kills what is in it and removes it with all below. */
final class LabCgroup implements AutoCloseable {
    static final Path ROOT = Path.of("/sys/fs/cgroup");

    private final Path dir;
    private final List<LabCgroup> children = new ArrayList<>();

    private LabCgroup(Path dir) {
        this.dir = dir;
    }

    /** A new one below the root, with controllers for children of its own; without swap, as in most of Kubernetes. */
    static LabCgroup slice(String name) {
        LabCgroup slice = make(ROOT.resolve(name));
        slice.write("cgroup.subtree_control", "+memory +pids");
        if (Files.exists(slice.dir.resolve("memory.swap.max"))) {
            slice.write("memory.swap.max", "0");
        }
        return slice;
    }

    LabCgroup child(String name) {
        LabCgroup child = make(dir.resolve(name));
        children.add(child);
        return child;
    }

    LabCgroup childSlice(String name) {
        LabCgroup child = child(name);
        child.write("cgroup.subtree_control", "+memory +pids");
        return child;
    }

    private static LabCgroup make(Path dir) {
        try {
            return new LabCgroup(Files.createDirectory(dir));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path dir() {
        return dir;
    }

    /** The path as the exporter names it. */
    String name() {
        return "/" + ROOT.relativize(dir);
    }

    void write(String file, String value) {
        try {
            Files.writeString(dir.resolve(file), value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String file) {
        try {
            return Files.readString(dir.resolve(file)).trim();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long number(String file) {
        return Long.parseLong(read(file));
    }

    /** A flat keyed file, by key. */
    Map<String, Long> table(String file) {
        return read(file)
                .lines()
                .map(line -> line.split(" ", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> Long.valueOf(pair[1])));
    }

    /** Runs the lab's workload in this cgroup; see src/lab/hold.c for the operations. */
    Process hold(String... operations) {
        List<String> all = new ArrayList<>(List.of("in:" + dir));
        all.addAll(List.of(operations));
        return run(all);
    }

    /** The same outside any cgroup of ours. */
    static Process run(List<String> operations) {
        List<String> command = new ArrayList<>(List.of(KernelLab.HOLD.toString()));
        command.addAll(operations);
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes the cgroup as soon as the kernel lets us, as a container runtime does after a kill. */
    void remove() {
        write("cgroup.kill", "1");
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    try {
                        return Files.deleteIfExists(dir) || true;
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    @Override
    public void close() {
        for (LabCgroup child : children) {
            if (Files.exists(child.dir)) {
                child.close();
            }
        }
        remove();
    }
}
