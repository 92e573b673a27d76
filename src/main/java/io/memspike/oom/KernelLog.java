package io.memspike.oom;

import io.memspike.linux.Failures;
import io.memspike.linux.Kmsg;
import io.memspike.linux.Outcome;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the kernel's log from now on, and tells of each kill in it within milliseconds. Has a thread of its own, on
 * which the listener is called; anyone may ask whether it works.
 */
public final class KernelLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelLog.class);
    /** As the label {@code source} has it. */
    private static final String SOURCE = "kmsg";
    /** Until a close is noticed. */
    private static final int WAIT_MILLIS = 1000;

    private final Path device;
    private final Consumer<OomReport> listener;
    private final Failures failures;
    private final OomMessages messages = new OomMessages();
    private final Kmsg kmsg;
    private volatile boolean working;
    private volatile boolean closed;
    private volatile long lost;

    /** Opens the device: kills from here on are reported, those that are in the log already are not. */
    public KernelLog(Path device, Failures failures, Consumer<OomReport> listener) {
        this.device = device;
        this.failures = failures;
        this.listener = listener;
        kmsg = Kmsg.open(device);
        Outcome opened = kmsg.opened();
        working = opened == Outcome.OK;
        if (opened == Outcome.DENIED || opened == Outcome.ABSENT) {
            LOG.info(
                    "{} can't be read ({}), so incidents have no victim: it takes a device that the container may open,"
                            + " and CAP_SYSLOG",
                    device,
                    kmsg.failure());
        } else if (!working) {
            failures.count(SOURCE, opened, this::failure);
        }
    }

    public KernelLog start() {
        if (working) {
            Thread thread = new Thread(this::run, "memspike-kernel-log");
            thread.setDaemon(true);
            thread.start();
        }
        return this;
    }

    /** Whether kills are seen here; once false, it stays so. */
    public boolean isWorking() {
        return working;
    }

    /** How often the kernel overwrote records before they were read: kills may have been among them. */
    public long lost() {
        return lost;
    }

    private void run() {
        try (kmsg) {
            while (!closed) {
                Outcome outcome = kmsg.read(WAIT_MILLIS);
                if (outcome != Outcome.OK) {
                    // A pipe that ends while we close is nobody's failure.
                    if (!closed) {
                        failures.count(SOURCE, outcome, this::failure);
                    }
                    return;
                }
                lost = kmsg.lost();
                accept(kmsg.bytes());
            }
        } catch (RuntimeException e) {
            LOG.error("reading the kernel log has ended by a defect", e);
        } finally {
            working = false;
        }
    }

    private void accept(byte[] record) {
        KernelMessage message = KernelMessage.parse(record, record.length);
        OomReport report = message == null ? null : messages.accept(message);
        if (report != null) {
            listener.accept(report);
        }
    }

    private String failure() {
        return device + ": " + kmsg.failure();
    }

    /** Ends the thread, within a second. */
    @Override
    public void close() {
        closed = true;
    }
}
