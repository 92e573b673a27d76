package io.memspike.demo;

import java.nio.charset.StandardCharsets;

/** The processes of one cgroup, for cgroup.procs and cgroup.events. */
final class Tasks {
    private static final byte[] POPULATED = "populated ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FROZEN = "frozen 0\n".getBytes(StandardCharsets.US_ASCII);

    /** Pids between one start and the next: other processes are started meanwhile. */
    private static final int PIDS_A_START = 37;

    private final int count;
    private int firstPid;
    private boolean running = true;
    private int version;

    Tasks(int firstPid, int count) {
        this.firstPid = firstPid;
        this.count = count;
    }

    int count() {
        return count;
    }

    void exit() {
        running = false;
        version++;
    }

    void start() {
        firstPid += PIDS_A_START;
        running = true;
        version++;
    }

    int version() {
        return version;
    }

    /** One pid a line; nothing when all have exited. */
    void appendProcsTo(Text text) {
        for (int i = 0; running && i < count; i++) {
            text.put(firstPid + i).newline();
        }
    }

    /** {@code populated 1\nfrozen 0\n}; an inner cgroup is populated by its descendants. */
    void appendEventsTo(Text text) {
        text.put(POPULATED).put(running ? 1 : 0).newline().put(FROZEN);
    }
}
