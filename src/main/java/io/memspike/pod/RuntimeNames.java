package io.memspike.pod;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Names that Docker and Podman keep on disk, for hosts without a kubelet. Read every half minute, and at most once a
 * second while a name is wanted. Of the files, which hold the containers' environment too, nothing else is taken.
 */
public final class RuntimeNames implements NameSource {
    public static final String DOCKER = "docker";
    public static final String PODMAN = "podman";
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final int PAUSES_BETWEEN = 30;

    /** How a runtime keeps its names. */
    private interface Format {
        Map<String, String> read(Path directory) throws IOException;
    }

    private final String label;
    private final Path directory;
    private final Format format;
    private final Failures failures;
    private final boolean available;
    private volatile Map<String, ContainerName> names = Map.of();
    private final AtomicLong version = new AtomicLong();
    private volatile boolean wanted;
    private volatile boolean working;

    private RuntimeNames(String label, Path directory, Format format, Failures failures) {
        this.label = label;
        this.directory = directory;
        this.format = format;
        this.failures = failures;
        available = Files.isReadable(directory);
    }

    /**
     * Docker's.
     *
     * @param directory of a folder for each container, with its config.v2.json: /var/lib/docker/containers
     */
    public static RuntimeNames ofDocker(Path directory, Failures failures) {
        return new RuntimeNames(DOCKER, directory, RuntimeFiles::docker, failures);
    }

    /**
     * Podman's, of root's containers.
     *
     * @param directory of containers.json: /var/lib/containers/storage/overlay-containers
     */
    public static RuntimeNames ofPodman(Path directory, Failures failures) {
        return new RuntimeNames(PODMAN, directory, RuntimeFiles::podman, failures);
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public void start() {
        if (available) {
            Thread thread = new Thread(this::run, "memspike-" + label);
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public @Nullable ContainerName find(CgroupName cgroup) {
        return cgroup.containerId() == null ? null : names.get(cgroup.containerId());
    }

    @Override
    public boolean knowsPod(String uid) {
        return false;
    }

    @Override
    public void wanted() {
        wanted = true;
    }

    @Override
    public long version() {
        return version.get();
    }

    @Override
    public boolean isAvailable() {
        return available;
    }

    @Override
    public boolean isWorking() {
        return working;
    }

    private void run() {
        for (int pause = 0; ; pause++) {
            if (wanted || pause % PAUSES_BETWEEN == 0) {
                wanted = false;
                read();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void read() {
        try {
            Map<String, ContainerName> found = new HashMap<>();
            format.read(directory).forEach((id, name) -> found.put(id, new ContainerName("", "", name)));
            if (!found.equals(names)) {
                names = Map.copyOf(found);
                version.incrementAndGet();
            }
            working = true;
        } catch (IOException | DirectoryIteratorException e) {
            working = false;
            failures.count(label, Outcome.FAILED, () -> directory + ": " + e.getMessage());
        }
    }
}
