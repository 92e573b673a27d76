package io.memspike.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The C library's functions that the JDK has no way to. Linux only: ask {@link #available()} first. */
final class Libc {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int ENODEV = 19;
    static final int ENOTDIR = 20;
    static final int ESPIPE = 29;
    static final int EPIPE = 32;
    static final int EOPNOTSUPP = 95;

    static final int O_RDONLY_CLOEXEC = 02000000;
    static final int O_NONBLOCK = 04000;
    static final int SEEK_END = 2;
    static final short POLLIN = 1;

    /** Held, for the level of a logger that nobody holds is forgotten. */
    private static final Logger JNA_LOG = Logger.getLogger("com.sun.jna");

    private static final boolean AVAILABLE = load();

    private Libc() {}

    static boolean available() {
        return AVAILABLE;
    }

    // LinkageError: no library for this processor, or one that can't be unpacked (read-only or noexec /tmp).
    private static boolean load() {
        // It would print a stack trace; who asks whether we are available says it in a line.
        JNA_LOG.setLevel(Level.OFF);
        try {
            if (Platform.isLinux()) {
                Native.register(Libc.class, Platform.C_LIBRARY_NAME);
                return true;
            }
        } catch (LinkageError e) {
            return false;
        }
        return false;
    }

    static native int open(String path, int flags) throws LastErrorException;

    /** {@code address} is of native memory, as {@link Pointer#nativeValue} gives it: an object less for each call. */
    static native long pread(int fd, long address, long count, long offset) throws LastErrorException;

    static native long read(int fd, Pointer into, long count) throws LastErrorException;

    static native long lseek(int fd, long offset, int whence) throws LastErrorException;

    static native int close(int fd) throws LastErrorException;

    static native int poll(Pointer fds, long count, int timeoutMillis) throws LastErrorException;

    static native int inotify_init1(int flags) throws LastErrorException;

    static native int inotify_add_watch(int fd, String path, int mask) throws LastErrorException;

    static native int inotify_rm_watch(int fd, int watch) throws LastErrorException;
}
