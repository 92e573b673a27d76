package io.memspike.process;

import io.memspike.linux.Outcome;

/**
 * What a process has resident, from /proc/PID/status (proc_pid_status(5)): counted as pages come and go, so that
 * reading it costs the process nothing.
 *
 * <pre>
 * VmRSS:	    1676 kB
 * RssAnon:	     112 kB
 * RssFile:	    1564 kB
 * RssShmem:	       0 kB
 * </pre>
 *
 * Zombies and threads of the kernel have no memory of their own, and none of these lines. The numbers are exact since
 * Linux 6.16. Before 6.2 each thread keeps its last 64 faults to itself, of up to 16 pages each where a file or tmpfs
 * is mapped (the captured process of 6.1 lacks 3 MiB of its 10 MiB of tmpfs); from 6.2 on each CPU keeps some pages.
 */
final class ProcStatus {
    static final int VM_RSS = 0;
    static final int RSS_ANON = 1;
    static final int RSS_SHMEM = 2;
    static final int COUNT = 3;

    private static final KilobyteLines LINES = new KilobyteLines(0, "VmRSS", "RssAnon", "RssShmem");

    private ProcStatus() {}

    /**
     * Reads the values.
     *
     * @param values receives {@link #COUNT} values in bytes; all {@link Footprint#UNKNOWN} when it has no memory
     * @return {@link Outcome#OK}, or {@link Outcome#MALFORMED} with all of them unknown
     */
    static Outcome parse(byte[] text, int length, long[] values) {
        return LINES.parse(text, length, values);
    }
}
