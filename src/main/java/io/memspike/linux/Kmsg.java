package io.memspike.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's log from now on, /dev/kmsg (Documentation/ABI/testing/dev-kmsg): each read(2) gives one record, and each
 * reader has a position of its own. Not a FileChannel: that can't wait for so long only, and has no EPIPE to tell
 * lost records by.
 *
 * <p>Owned by one thread at a time.
 */
public final class Kmsg implements AutoCloseable {
    /** The longest that the kernel gives (PRINTK_MESSAGE_MAX is 2 KiB, older ones had 8). */
    private static final int LONGEST = 8192;

    private static final int NONE = -1;

    private final @Nullable Memory record;
    private final @Nullable Memory pollfd;
    private int fd = NONE;
    private Outcome opened = Outcome.OK;
    private String failure = "";
    private byte[] bytes = new byte[0];
    private long lost;

    private Kmsg() {
        record = new Memory(LONGEST);
        pollfd = new Memory(8);
    }

    /** For a device that was never opened: without JNA's native library there is no native memory either. */
    private Kmsg(Outcome opened, String failure) {
        record = null;
        pollfd = null;
        this.opened = opened;
        this.failure = failure;
    }

    /** Opens the device behind its last record, or remembers why it can't be: see {@link #opened()}. */
    public static Kmsg open(Path device) {
        if (!Libc.available()) {
            return new Kmsg(Outcome.ABSENT, "not Linux, or JNA's native library can't be loaded");
        }
        Kmsg kmsg = new Kmsg();
        try {
            kmsg.fd = Libc.open(device.toString(), Libc.O_RDONLY_CLOEXEC | Libc.O_NONBLOCK);
            kmsg.prepare();
            Libc.lseek(kmsg.fd, 0, Libc.SEEK_END);
        } catch (LastErrorException e) {
            switch (e.getErrorCode()) {
                case Libc.ESPIPE -> {} // A pipe has nothing old in it.
                case Libc.EPERM, Libc.EACCES -> kmsg.unopened(Outcome.DENIED, message(e));
                case Libc.ENOENT -> kmsg.unopened(Outcome.ABSENT, message(e));
                default -> kmsg.unopened(Outcome.FAILED, message(e));
            }
        }
        return kmsg;
    }

    private void prepare() {
        if (pollfd != null) {
            pollfd.setInt(0, fd);
            pollfd.setInt(4, Libc.POLLIN);
        }
    }

    private Kmsg unopened(Outcome outcome, String why) {
        close();
        opened = outcome;
        failure = why;
        return this;
    }

    /** OK; DENIED or ABSENT where it may not be read, or isn't there; FAILED for anything else. */
    public Outcome opened() {
        return opened;
    }

    /**
     * Waits for a record, at most so long.
     *
     * @return OK with the record in {@link #bytes()}, which are none when there was none; else {@link #failure()} says
     *     why, and there will be no more
     */
    public Outcome read(int timeoutMillis) {
        bytes = new byte[0];
        if (opened != Outcome.OK || record == null || pollfd == null) {
            return opened;
        }
        try {
            if (Libc.poll(pollfd, 1, timeoutMillis) > 0) {
                int length = (int) Libc.read(fd, record, LONGEST);
                if (length == 0) {
                    failure = "it has an end";
                    return Outcome.FAILED;
                }
                bytes = record.getByteArray(0, length);
            }
            return Outcome.OK;
        } catch (LastErrorException e) {
            switch (e.getErrorCode()) {
                case Libc.EINTR, Libc.EAGAIN -> {}
                // The kernel had no room for them until now; the next read gives the oldest that is left.
                case Libc.EPIPE -> lost++;
                default -> {
                    failure = message(e);
                    return Outcome.FAILED;
                }
            }
            return Outcome.OK;
        }
    }

    /** The last record that was read. */
    public byte[] bytes() {
        return bytes;
    }

    /** How often records were lost, because they weren't read before the kernel needed their room. */
    public long lost() {
        return lost;
    }

    /** In the operating system's words. */
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        if (fd != NONE) {
            Libc.close(fd);
            fd = NONE;
            opened = Outcome.GONE;
        }
    }

    private static String message(LastErrorException e) {
        return String.valueOf(e.getMessage());
    }
}
