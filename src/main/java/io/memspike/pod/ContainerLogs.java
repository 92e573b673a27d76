package io.memspike.pod;

import io.memspike.linux.Failures;
import io.memspike.linux.Inotify;
import io.memspike.linux.Outcome;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Names from the links that the kubelet makes in /var/log/containers: neither network nor permissions are needed. New
 * links are heard of by inotify; the whole directory is read every half minute, and where inotify can't be had every
 * second while a name is wanted.
 */
public final class ContainerLogs implements NameSource {
    public static final String LABEL = "container_logs";
    private static final int POLL_MILLIS = 1_000;
    private static final long LIST_NANOS = 30_000_000_000L;

    private final Path directory;
    private final Failures failures;
    private final LogLinks links = new LogLinks();
    private volatile boolean available;
    private volatile boolean working;
    private volatile boolean wanted;

    public ContainerLogs(Path directory, Failures failures) {
        this.directory = directory;
        this.failures = failures;
        available = Files.isDirectory(directory);
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, "memspike-container-logs");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public @Nullable ContainerName find(CgroupName cgroup) {
        return links.find(cgroup);
    }

    @Override
    public boolean knowsPod(String uid) {
        return links.knowsPod(uid);
    }

    @Override
    public void wanted() {
        wanted = true;
    }

    @Override
    public long version() {
        return links.version();
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
        try (Inotify inotify = Inotify.open()) {
            watch(inotify);
        } catch (IOException e) {
            failed(e);
            watch(null);
        }
    }

    private void watch(@Nullable Inotify inotify) {
        boolean watching = false;
        long nextList = System.nanoTime();
        while (true) {
            if (System.nanoTime() - nextList >= 0 || (wanted && !watching)) {
                // Watched before it is listed, so that nothing is made unseen between the two; and each time again,
                // for the directory may be made later, or anew.
                wanted = false;
                available = Files.isDirectory(directory);
                watching = available && inotify != null && startWatch(inotify);
                list();
                nextList = System.nanoTime() + LIST_NANOS;
            }
            if (inotify == null || !watching) {
                LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            } else if (!hear(inotify)) {
                nextList = System.nanoTime();
            }
        }
    }

    private boolean startWatch(Inotify inotify) {
        try {
            inotify.watch(directory);
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    /** Waits for changes; false when some were lost. */
    private boolean hear(Inotify inotify) {
        boolean[] whole = {true};
        try {
            inotify.poll(POLL_MILLIS, (watch, mask, name) -> {
                whole[0] &= (mask & Inotify.OVERFLOW) == 0;
                if ((mask & Inotify.CREATE) != 0) {
                    add(directory.resolve(name));
                } else if ((mask & Inotify.DELETE) != 0) {
                    links.remove(name);
                }
            });
        } catch (IOException e) {
            failed(e);
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            return false;
        }
        return whole[0];
    }

    private void list() {
        Set<String> gone = links.files();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.log")) {
            for (Path entry : entries) {
                gone.remove(String.valueOf(entry.getFileName()));
                add(entry);
            }
            gone.forEach(links::remove);
            working = true;
        } catch (IOException | DirectoryIteratorException e) {
            working = false;
            failed(e);
        }
    }

    private void add(Path entry) {
        String file = String.valueOf(entry.getFileName());
        LogLink link = LogLink.of(file, target(entry));
        if (link != null) {
            links.add(file, link);
        }
    }

    /** Null when it is no link, or went while we looked. */
    private static @Nullable String target(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException e) {
            return null;
        }
    }

    /** No such directory: not a node of Kubernetes, or not yet. Nothing has failed. */
    private void failed(Exception why) {
        if (available) {
            failures.count(LABEL, Outcome.FAILED, () -> directory + ": " + why.getMessage());
        }
    }
}
