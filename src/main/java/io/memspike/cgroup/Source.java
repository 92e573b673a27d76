package io.memspike.cgroup;

/** The files of a cgroup that we read. {@link #file()} is also the value of the label {@code source}. */
public enum Source {
    CURRENT("memory.current"),
    STAT("memory.stat"),
    EVENTS("memory.events"),
    PRESSURE("memory.pressure"),
    MAX("memory.max"),
    /** Since Linux 5.19. */
    PEAK("memory.peak"),
    /** Absent where the kernel was built without swap or started with swapaccount=0. */
    SWAP_CURRENT("memory.swap.current"),
    SWAP_MAX("memory.swap.max"),
    OOM_GROUP("memory.oom.group"),
    POPULATED("cgroup.events");

    static final int COUNT = values().length;

    private final String file;

    Source(String file) {
        this.file = file;
    }

    /** Whether {@code max} is one of its values. */
    boolean isLimit() {
        return this == MAX || this == SWAP_MAX;
    }

    public String file() {
        return file;
    }
}
