package io.memspike.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * inotify(7) on directories. Not {@link java.nio.file.WatchService}: that has no way to hear of a kernfs file that
 * the kernel itself modified (memory.events) apart from others, and keeps a thread of its own.
 *
 * <p>Two habits of cgroup v2 that callers must know: up to Linux 7.0 the watch of a removed cgroup sends neither
 * IN_DELETE_SELF nor IN_IGNORED, so it must be removed by hand; and the kernel notifies of a file only while somebody
 * holds it open.
 */
public final class Inotify implements AutoCloseable {
    public static final int MODIFY = 0x2;
    public static final int CREATE = 0x100;
    public static final int DELETE = 0x200;
    /** The kernel's queue was full and events were lost: look at everything again. */
    public static final int OVERFLOW = 0x4000;

    private static final int ONLYDIR = 0x01000000;
    private static final int DONT_FOLLOW = 0x02000000;
    private static final int CLOEXEC_NONBLOCK = 02004000;
    private static final int HEADER = 16;

    /** One event: of which watch, what, and the name in the directory ("" for the directory itself). */
    public interface Listener {
        void onEvent(int watch, int mask, String name);
    }

    private final int fd;
    private final Memory events = new Memory(64 * 1024);
    private final Memory pollfd = new Memory(8);

    private Inotify(int fd) {
        this.fd = fd;
        pollfd.setInt(0, fd);
        pollfd.setShort(4, Libc.POLLIN);
        pollfd.setShort(6, (short) 0);
    }

    /**
     * Makes an instance.
     *
     * @throws IOException when this isn't Linux, or the user's inotify instances are used up
     *     (fs.inotify.max_user_instances, 128 by default and shared by all processes of a uid)
     */
    public static Inotify open() throws IOException {
        if (!Libc.available()) {
            throw new IOException("no inotify here: not Linux, or JNA's native library can't be loaded");
        }
        try {
            return new Inotify(Libc.inotify_init1(CLOEXEC_NONBLOCK));
        } catch (LastErrorException e) {
            throw new IOException("inotify_init1: errno " + e.getErrorCode(), e);
        }
    }

    /**
     * Watches a directory for entries made, removed and modified in it.
     *
     * @return the watch descriptor; the same one again for a directory that is already watched
     * @throws IOException when the directory is gone, or fs.inotify.max_user_watches are used up
     */
    public int watch(Path directory) throws IOException {
        try {
            int mask = CREATE | DELETE | MODIFY | ONLYDIR | DONT_FOLLOW;
            return Libc.inotify_add_watch(fd, directory.toString(), mask);
        } catch (LastErrorException e) {
            throw new IOException("inotify_add_watch " + directory + ": errno " + e.getErrorCode(), e);
        }
    }

    /** Ends a watch; one that the kernel has ended already is no error. */
    public void unwatch(int watch) {
        try {
            Libc.inotify_rm_watch(fd, watch);
        } catch (LastErrorException e) {
            // EINVAL: from Linux 7.1 on, removing the directory has removed the watch.
            return;
        }
    }

    /** Waits for events, at most so long, and hands on all that have come. */
    public void poll(int timeoutMillis, Listener listener) throws IOException {
        try {
            if (Libc.poll(pollfd, 1, timeoutMillis) > 0) {
                deliver(Libc.read(fd, events, events.size()), listener);
            }
        } catch (LastErrorException e) {
            if (e.getErrorCode() != Libc.EINTR) {
                throw new IOException("inotify: errno " + e.getErrorCode(), e);
            }
        }
    }

    // struct inotify_event { int wd; uint32_t mask; uint32_t cookie; uint32_t len; char name[len]; }
    private void deliver(long count, Listener listener) {
        for (long at = 0; at + HEADER <= count; ) {
            int length = events.getInt(at + 12);
            String name = length == 0 ? "" : events.getString(at + HEADER, StandardCharsets.UTF_8.name());
            listener.onEvent(events.getInt(at), events.getInt(at + 4), name);
            at += HEADER + length;
        }
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
