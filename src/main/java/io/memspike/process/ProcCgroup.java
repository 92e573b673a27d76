package io.memspike.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The cgroup of a process, from /proc/PID/cgroup (cgroups(7)): the line of hierarchy 0, which is cgroup v2. A hybrid
 * host has lines of v1 hierarchies beside it.
 *
 * <pre>
 * 1:name=systemd:/system.slice/cron.service
 * 0::/system.slice/cron.service
 * </pre>
 */
final class ProcCgroup {
    private static final byte[] V2 = "0::/".getBytes(StandardCharsets.US_ASCII);

    /** What the kernel appends once the cgroup is removed; a zombie stays in it. */
    private static final String DELETED = " (deleted)";

    private ProcCgroup() {}

    /** The path as the kernel has it, or null when there is none in its form. */
    static @Nullable String path(byte[] text, int length) {
        for (int line = 0; line < length; ) {
            int end = line;
            while (end < length && text[end] != '\n') {
                end++;
            }
            if (end == length) {
                return null;
            }
            int from = line + V2.length;
            if (from <= end && Arrays.equals(text, line, from, V2, 0, V2.length)) {
                String path = new String(text, from - 1, end - from + 1, StandardCharsets.UTF_8);
                return path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path;
            }
            line = end + 1;
        }
        return null;
    }
}
