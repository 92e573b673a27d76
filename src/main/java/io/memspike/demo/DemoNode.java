package io.memspike.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated node: cgroup v2 memory files of a dozen containers, rewritten every 20 ms in a temporary directory. One
 * of them leaks and is killed about once a minute. Owner thread: {@code memspike-demo}.
 */
public final class DemoNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoNode.class);

    /** In memory where that can be: the files change 50 times a second, and nobody needs them on a disk. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** After a longer pause (a suspended machine) the node goes on where it was, instead of catching up in a rush. */
    private static final long MOST_BEHIND_MILLIS = 1000;

    private final DemoTree tree;
    private final Thread thread = new Thread(this::run, "memspike-demo");
    private volatile boolean closed;

    private DemoNode(DemoTree tree) {
        this.tree = tree;
        thread.setDaemon(true);
    }

    /**
     * Makes the tree below a new directory in /dev/shm, or in java.io.tmpdir where that cannot be written, and keeps it
     * changing until {@link #close()}. All files are there when this returns.
     *
     * @throws IOException when neither place takes the tree
     */
    public static DemoNode start() throws IOException {
        DemoNode node = new DemoNode(createTree());
        node.thread.start();
        return node;
    }

    /** The mount point of cgroup v2 on this node: the directory with cgroup.controllers. */
    public Path cgroupRoot() {
        return tree.cgroupRoot();
    }

    /** The /proc of this node; it holds meminfo, without swap, and no processes. */
    public Path procRoot() {
        return tree.procRoot();
    }

    /** The /var/log/containers of this node: a link for each container. */
    public Path containerLogs() {
        return tree.containerLogs();
    }

    /** Where incidents of this node may be kept for as long as it lives. */
    public Path data() {
        return tree.data();
    }

    /** Ends the thread and deletes the tree. A second call does nothing. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        joinUninterruptibly();
        try {
            tree.close();
        } catch (IOException e) {
            LOG.warn("The demo's files could not all be deleted: {}", e.toString());
        }
    }

    private static DemoTree createTree() throws IOException {
        if (Files.isWritable(SHARED_MEMORY)) {
            try {
                return DemoTree.create(SHARED_MEMORY);
            } catch (IOException e) {
                LOG.debug("No demo in {}: {}", SHARED_MEMORY, e.toString());
            }
        }
        return DemoTree.create(Path.of(System.getProperty("java.io.tmpdir")));
    }

    private void run() {
        long start = System.nanoTime();
        long reached = 0;
        try {
            while (!closed) {
                long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                if (elapsed - reached > MOST_BEHIND_MILLIS) {
                    start += TimeUnit.MILLISECONDS.toNanos(elapsed - reached);
                    elapsed = reached;
                }
                tree.step(elapsed);
                reached = elapsed;
                long next = (reached / Simulation.STEP_MILLIS + 1) * Simulation.STEP_MILLIS;
                LockSupport.parkNanos(this, start + TimeUnit.MILLISECONDS.toNanos(next) - System.nanoTime());
            }
        } catch (IOException e) {
            LOG.error("The demo has ended, its files can no longer be written: {}", e.toString());
        }
    }

    /** The tree is the thread's until it has ended, and it ends within a step: an interrupt can wait as long. */
    private void joinUninterruptibly() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
