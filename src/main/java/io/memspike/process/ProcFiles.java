package io.memspike.process;

import io.memspike.linux.KernelFile;
import io.memspike.linux.Outcome;
import io.memspike.linux.ReadBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of processes, each opened, read whole by one pread and closed: nothing of a process is held on to.
 *
 * <p>The buffer must hold smaps_rollup (some 700 bytes) from the start: one that is too small is read a second time,
 * and the kernel walks the whole memory of the process at each read.
 */
class ProcFiles {
    private final Path procfs;
    private final ReadBuffer buffer = new ReadBuffer();
    private String failure = "";

    ProcFiles(Path procfs) {
        this.procfs = procfs;
    }

    /**
     * Reads one file; {@link #bytes()} has it when the outcome is OK.
     *
     * @return {@link Outcome#GONE} for an empty one too: its process ended between opening and reading
     */
    Outcome read(int pid, ProcFile which) {
        try (KernelFile file = KernelFile.open(procfs.resolve(Integer.toString(pid)), which.file)) {
            Outcome outcome = file.read(buffer);
            failure = String.valueOf(file.failure());
            return outcome == Outcome.OK && buffer.length() == 0 ? Outcome.GONE : outcome;
        }
    }

    byte[] bytes() {
        return buffer.bytes();
    }

    int length() {
        return buffer.length();
    }

    /** Why the last read failed. */
    String failure() {
        return failure;
    }

    /** The names in /proc, of processes and others; null when it can't be listed. */
    String @Nullable [] list() {
        return procfs.toFile().list();
    }

    @Override
    public String toString() {
        return procfs.toString();
    }
}
