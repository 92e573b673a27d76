package io.memspike.process;

import io.memspike.linux.KernelFile;
import io.memspike.linux.Kilobytes;
import io.memspike.linux.Outcome;
import io.memspike.linux.ReadBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The files of a process (proc_pid_cgroup(5), proc_pid_status(5), proc_pid_smaps_rollup(5)): one at a time, each read
 * whole by one system call, for the kernel goes over all of a process' memory for each read of smaps_rollup.
 *
 * <p>Owned by one thread.
 */
final class ProcessFiles {
    static final String CGROUP = "cgroup";
    static final String STATUS = "status";
    static final String SMAPS_ROLLUP = "smaps_rollup";

    private static final int PRIVATE_CLEAN = Footprint.USS;
    private static final int PRIVATE_DIRTY = Footprint.PARTS;
    private static final String UNIFIED = "0::";
    private static final String DELETED = " (deleted)";

    private final Kilobytes statusKeys = new Kilobytes("VmRSS", "RssAnon", "RssShmem");
    private final Kilobytes rollupKeys =
            new Kilobytes("Pss", "Pss_Anon", "Pss_File", "Pss_Shmem", "Private_Clean", "SwapPss", "Private_Dirty");
    private final long[] rollup = new long[Footprint.PARTS + 1];
    private final long[] status = new long[3];
    private final ReadBuffer buffer = new ReadBuffer();
    private String failure = "";

    /** The path of its cgroup in the unified hierarchy (line {@code 0::/path}); null when it is gone or can't be read. */
    @Nullable
    String cgroup(Path process) {
        if (read(process, CGROUP) != Outcome.OK) {
            return null;
        }
        String text = new String(buffer.bytes(), 0, buffer.length(), StandardCharsets.UTF_8);
        for (String line : text.split("\n", -1)) {
            if (line.startsWith(UNIFIED)) {
                String path = line.substring(UNIFIED.length());
                return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
            }
        }
        return null;
    }

    /** Reads status; then {@link #hasMemory()} and the sizes are of this process. */
    Outcome status(Path process) {
        Outcome outcome = read(process, STATUS);
        if (outcome != Outcome.OK) {
            return outcome;
        }
        if (!statusKeys.parse(buffer.bytes(), buffer.length(), status)) {
            failure = "a size that isn't one";
            return Outcome.MALFORMED;
        }
        return Outcome.OK;
    }

    /** A thread of the kernel and a zombie have no memory, and no such lines. */
    boolean hasMemory() {
        return status[0] != Kilobytes.ABSENT;
    }

    long rss() {
        return status[0];
    }

    long rssAnon() {
        return status[1];
    }

    long rssShmem() {
        return status[2];
    }

    /**
     * Reads smaps_rollup.
     *
     * @param into {@link Footprint#PARTS} values in bytes; {@link Footprint#UNKNOWN} for what this kernel doesn't say
     *     (Pss_Anon and its like: since 5.4)
     * @return {@link Outcome#GONE} for a process without memory, or that has just ended
     */
    Outcome shares(Path process, long[] into) {
        Outcome outcome = read(process, SMAPS_ROLLUP);
        if (outcome != Outcome.OK) {
            return outcome;
        }
        if (buffer.length() == 0) {
            return Outcome.GONE;
        }
        if (!rollupKeys.parse(buffer.bytes(), buffer.length(), rollup) || rollup[Footprint.PSS] == Kilobytes.ABSENT) {
            failure = "no Pss, or a size that isn't one";
            return Outcome.MALFORMED;
        }
        System.arraycopy(rollup, 0, into, 0, Footprint.PARTS);
        into[Footprint.USS] = sum(rollup[PRIVATE_CLEAN], rollup[PRIVATE_DIRTY]);
        return Outcome.OK;
    }

    /** What isn't known makes a sum that isn't known. */
    static long sum(long a, long b) {
        return a == Footprint.UNKNOWN || b == Footprint.UNKNOWN ? Footprint.UNKNOWN : a + b;
    }

    /** Why the last read failed. */
    String failure() {
        return failure;
    }

    private Outcome read(Path process, String name) {
        try (KernelFile file = KernelFile.open(process, name)) {
            Outcome outcome = file.read(buffer);
            failure = String.valueOf(file.failure());
            return outcome;
        }
    }
}
