package io.memspike.sampling;

import io.memspike.cgroup.CgroupTree;
import io.memspike.linux.Inotify;
import io.memspike.linux.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that knows the tree: hears of changes by inotify, and walks the whole of it every ten seconds, which finds
 * what inotify lost. Where there is no inotify, it walks every second.
 */
public final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final long WALK_NANOS = 10_000_000_000L;
    private static final long WALK_NANOS_WITHOUT_INOTIFY = 1_000_000_000L;
    private static final int POLL_MILLIS = 500;

    private final Path root;
    private final Sampler sampler;
    private final SourceErrors errors;
    private final Heartbeat heartbeat = new Heartbeat();

    private volatile boolean walked;
    private volatile boolean watching;

    public Discovery(Path root, Sampler sampler, SourceErrors errors) {
        this.root = root;
        this.sampler = sampler;
        this.errors = errors;
    }

    public void start() {
        Thread thread = new Thread(this::run, "memspike-discovery");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the tree was seen whole at least once. */
    public boolean hasWalked() {
        return walked;
    }

    /** Whether changes are known at once, by inotify. */
    public boolean isWatching() {
        return watching;
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    private void run() {
        try (Inotify inotify = openInotify()) {
            CgroupTree tree = new CgroupTree(root, inotify, new Roster(sampler, errors, heartbeat));
            long walkEvery = inotify == null ? WALK_NANOS_WITHOUT_INOTIFY : WALK_NANOS;
            long nextWalk = System.nanoTime();
            while (true) {
                if (System.nanoTime() - nextWalk >= 0) {
                    tree.walk();
                    watching = tree.isWatching();
                    walked = true;
                    nextWalk = System.nanoTime() + walkEvery;
                }
                heartbeat.at("");
                heartbeat.beat();
                await(tree, inotify != null);
            }
        } catch (RuntimeException e) {
            // A defect of ours. The heartbeat stops with the thread, and health checks and metrics say so.
            LOG.error("discovery of cgroups has ended by a defect", e);
        }
    }

    private void await(CgroupTree tree, boolean byInotify) {
        if (!byInotify) {
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
            return;
        }
        try {
            tree.await(POLL_MILLIS);
        } catch (IOException e) {
            errors.count(SourceErrors.Other.INOTIFY, Outcome.FAILED, () -> String.valueOf(e.getMessage()));
            LockSupport.parkNanos(POLL_MILLIS * 1_000_000L);
        }
    }

    private @Nullable Inotify openInotify() {
        try {
            return Inotify.open();
        } catch (IOException e) {
            errors.count(SourceErrors.Other.INOTIFY, Outcome.FAILED, () -> String.valueOf(e.getMessage()));
            return null;
        }
    }
}
