package io.memspike.process;

/** The files of /proc/PID that are read, with what is said once when they are denied. */
enum ProcFile {
    /** Anyone may read it, unless /proc is mounted with hidepid=1. */
    STATUS(
            "status",
            "proc_status",
            "/proc is mounted with hidepid: without CAP_SYS_PTRACE no process can be looked at"),
    CGROUP("cgroup", "proc_cgroup", STATUS.whenDenied),
    /** Asks for PTRACE_MODE_READ of the process: the same user without more capabilities than we have, or a right. */
    SMAPS_ROLLUP(
            "smaps_rollup",
            "smaps_rollup",
            "the shares of others' processes (PSS) need CAP_SYS_PTRACE (on newer kernels CAP_PERFMON will do) and a"
                    + " security module that allows it; RssAnon + RssShmem stand in");

    final String file;
    /** As the label {@code source} has it. */
    final String source;

    final String whenDenied;

    ProcFile(String file, String source, String whenDenied) {
        this.file = file;
        this.source = source;
        this.whenDenied = whenDenied;
    }
}
