package io.memspike.linux;

import java.util.Locale;

/**
 * What became of one read of one kernel file: a closed set. The reader reports it, the sampler decides what follows.
 * The lower-case name is the value of the label {@code outcome}.
 */
public enum Outcome {
    /** The file was read and every value that we want of it was well-formed. */
    OK,
    /** ENOENT on opening: this kernel, or this level of the tree, has no such file. Quiet. */
    ABSENT,
    /**
     * ENODEV on a held descriptor, or the directory is another one now: the cgroup was removed. ESRCH: the process has
     * ended. A normal event.
     */
    GONE,
    /** EOPNOTSUPP: the file is there and the feature is switched off (memory.pressure with psi=0). */
    UNSUPPORTED,
    /** It was read, and what it says is not in the kernel's format: empty, cut off, or not a number. */
    MALFORMED,
    /** Whoever we are may not: EACCES or EPERM of a file, 401 or 403 of a server. */
    DENIED,
    /** Anything else: EIO, ENOMEM, or a file that never ends. */
    FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
