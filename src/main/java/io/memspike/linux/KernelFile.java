package io.memspike.linux;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * One pseudo-file, held open and read whole from offset 0 by one positional read: the kernel writes its content anew
 * at each. Opening again would cost ten times as much and take the lock of the whole cgroup file system.
 *
 * <p>On Linux it is a descriptor, read by pread(2). A FileChannel's read is as fast when it is the only one; but each
 * channel is eight objects with locks of their own, and with thousands of files each read waits for them all to come
 * from memory. A channel serves where there is no C library to call, and for a name that isn't ASCII (which Java and
 * the kernel may not spell alike).
 *
 * <p>Owned by one thread. That thread must never be interrupted: an interrupt closes a FileChannel.
 */
public final class KernelFile implements AutoCloseable {
    private static final int NONE = -1;

    /** Apart, because a path of its own for each of ten thousand files would be 5 MB. */
    private final Path directory;

    private final String name;
    private @Nullable FileChannel channel;
    private int fd = NONE;
    private Outcome opened = Outcome.OK;
    private @Nullable String failure;

    private KernelFile(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** Opens the file, or remembers why it can't be: each later read then has that outcome. */
    public static KernelFile open(Path directory, String name) {
        KernelFile file = new KernelFile(directory, name);
        String path = file.path().toString();
        try {
            if (Libc.available() && path.chars().allMatch(c -> c < 0x80)) {
                file.fd = Libc.open(path, Libc.O_RDONLY_CLOEXEC);
            } else {
                file.channel = FileChannel.open(file.path(), StandardOpenOption.READ);
            }
        } catch (LastErrorException | IOException e) {
            file.opened = file.classify(e);
            if (file.opened == Outcome.GONE && !ended(e) && Files.exists(directory)) {
                // The cgroup is there: it is the file that this kernel doesn't have.
                file.opened = Outcome.ABSENT;
            }
        }
        return file;
    }

    /**
     * Reads the file as it is now. Allocates nothing unless the read fails or the buffer must grow.
     *
     * @return {@link Outcome#OK} with the content in {@code into} (an empty file is OK with length 0); otherwise the
     *     content of {@code into} is undefined and {@link #failure()} says why
     */
    public Outcome read(ReadBuffer into) {
        if (opened != Outcome.OK) {
            return opened;
        }
        try {
            do {
                int count = readOnce(into);
                // A full buffer may hold a part only: read again, whole, rather than append a second moment's rest.
                if (count < into.capacity()) {
                    into.filled(Math.max(count, 0));
                    return Outcome.OK;
                }
            } while (into.grow());
            failure = "longer than " + ReadBuffer.LARGEST + " bytes";
            return Outcome.FAILED;
        } catch (LastErrorException | IOException e) {
            return classify(e);
        }
    }

    private int readOnce(ReadBuffer into) throws IOException {
        if (channel != null) {
            return channel.read(into.cleared(), 0);
        }
        for (; ; ) {
            try {
                return (int) Libc.pread(fd, into.address(), into.capacity(), 0);
            } catch (LastErrorException e) {
                if (e.getErrorCode() != Libc.EINTR) {
                    throw e;
                }
            }
        }
    }

    /** Why the last read, or the opening, failed; in the operating system's words. */
    public @Nullable String failure() {
        return failure;
    }

    public Path path() {
        return directory.resolve(name);
    }

    @Override
    public void close() {
        int once = fd;
        fd = NONE;
        opened = Outcome.GONE;
        try {
            if (channel != null) {
                channel.close();
            } else if (once != NONE) {
                Libc.close(once);
            }
        } catch (LastErrorException | IOException e) {
            // Nothing was written: a descriptor that can't be closed cleanly is closed all the same (close(2)).
            failure = String.valueOf(e.getMessage());
        }
    }

    /** A zombie, or a thread of the kernel, has its directory in /proc, and files there that belong to no memory. */
    private static boolean ended(Exception e) {
        return e instanceof LastErrorException error && error.getErrorCode() == Libc.ESRCH;
    }

    /** The one place where an errno becomes an outcome: see {@link Outcome} for each. */
    private Outcome classify(Exception e) {
        failure = String.valueOf(e.getMessage());
        int errno = e instanceof LastErrorException error ? error.getErrorCode() : 0;
        return switch (errno) {
            // ESRCH: of a process that has ended, or a thread of the kernel.
            case Libc.ENOENT, Libc.ENODEV, Libc.ESRCH -> Outcome.GONE;
            case Libc.EACCES, Libc.EPERM -> Outcome.DENIED;
            case Libc.EOPNOTSUPP -> Outcome.UNSUPPORTED;
            // By its number, because JDK 17 and newer ones disagree whether such a path exists.
            case Libc.ENOTDIR -> Outcome.FAILED;
            // Whatever the descriptor said (and the JDK has no errno to give): a file that is no longer there is gone.
            default ->
                e instanceof AccessDeniedException
                        ? Outcome.DENIED
                        : Files.notExists(path()) ? Outcome.GONE : Outcome.FAILED;
        };
    }
}
