package io.memspike.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The simulated node on disk. Time is what {@link #step} is told: this class has no clock and no thread. */
final class DemoTree implements Closeable {
    private static final long PRESSURE_MILLIS = 100;
    private static final long STILL_THERE_MILLIS = 1000;

    /** What the exporter asks of a node: how much memory, and that there is no swap. */
    private static final String MEMINFO = """
            MemTotal:       16777216 kB
            MemFree:         9437184 kB
            MemAvailable:   12582912 kB
            Buffers:          262144 kB
            Cached:          3145728 kB
            SwapCached:            0 kB
            SwapTotal:             0 kB
            SwapFree:              0 kB
            """;

    private final Path directory;
    private final Simulation simulation = new Simulation();
    private final List<CgroupDirectory> directories = new ArrayList<>();
    private final Text text = new Text();
    private long steppedMillis;

    private DemoTree(Path directory) {
        this.directory = directory;
        for (Cgroup cgroup : simulation.cgroups()) {
            directories.add(new CgroupDirectory(cgroup, pathOf(cgroup)));
        }
    }

    /** Makes the tree in a new directory below {@code base}, or nothing. */
    static DemoTree create(Path base) throws IOException {
        DemoTree tree = new DemoTree(Files.createTempDirectory(base, "memspike-demo-"));
        try {
            Files.createDirectory(tree.procRoot());
            Files.writeString(tree.procRoot().resolve("meminfo"), MEMINFO);
            tree.linkLogs();
            Files.createDirectory(tree.data());
            tree.sync(true);
            return tree;
        } catch (IOException e) {
            // Half a tree is worse than none: closing deletes what there is.
            try (tree) {
                throw e;
            }
        }
    }

    Path cgroupRoot() {
        return directory.resolve("cgroup");
    }

    Path procRoot() {
        return directory.resolve("proc");
    }

    Path containerLogs() {
        return directory.resolve("containers");
    }

    Path data() {
        return directory.resolve("data");
    }

    private void linkLogs() throws IOException {
        Files.createDirectory(containerLogs());
        for (Map.Entry<String, String> link : simulation.logLinks().entrySet()) {
            Path path = containerLogs().resolve(link.getKey());
            try {
                Files.createSymbolicLink(path, Path.of(link.getValue()));
            } catch (UnsupportedOperationException | IOException e) {
                // Where links can't be made: the name says enough.
                Files.createFile(path);
            }
        }
    }

    /** Moves the node on to {@code elapsedMillis} after the tree was made; it never goes back. */
    void step(long elapsedMillis) throws IOException {
        while (steppedMillis + Simulation.STEP_MILLIS <= elapsedMillis) {
            steppedMillis += Simulation.STEP_MILLIS;
            simulation.step();
            sync(steppedMillis % PRESSURE_MILLIS == 0);
            // Files that are held open can be written after they were deleted: nothing else would tell.
            if (steppedMillis % STILL_THERE_MILLIS == 0 && !Files.isDirectory(cgroupRoot())) {
                throw new NoSuchFileException(cgroupRoot().toString());
            }
        }
    }

    /** Closes and deletes everything. */
    @Override
    public void close() throws IOException {
        for (CgroupDirectory cgroupDirectory : directories) {
            cgroupDirectory.close();
        }
        if (Files.isDirectory(directory)) {
            Files.walkFileTree(directory, new Deletion());
        }
    }

    private void sync(boolean withPressure) throws IOException {
        for (int i = 0; i < directories.size(); i++) {
            directories.get(i).sync(text, withPressure);
        }
    }

    private Path pathOf(Cgroup cgroup) {
        Cgroup parent = cgroup.parent();
        return parent == null ? cgroupRoot() : pathOf(parent).resolve(cgroup.name());
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
        }
    }
}
