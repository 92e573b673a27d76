package io.memspike.oom;

import io.memspike.oom.Incident.Victim;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Who was killed lately, by the kernel's log: few, and only until their incidents have been recorded. Any thread. */
public final class Victims {
    private static final int MOST = 256;
    /** The log tells within milliseconds, the counters within a second. */
    private static final long SAME_KILL_MS = 5_000;

    private final LongSupplier epochMillis;
    private final Deque<Seen> lately = new ArrayDeque<>();

    private record Seen(long atMs, Victim victim) {}

    public Victims(LongSupplier epochMillis) {
        this.epochMillis = epochMillis;
    }

    /** Takes in a kill. */
    public synchronized void add(OomReport report) {
        lately.addLast(new Seen(epochMillis.getAsLong(), report.victim()));
        if (lately.size() > MOST) {
            lately.removeFirst();
        }
    }

    /** The first victim that lived in this cgroup, or below it, and died about then; null when none did. Given once. */
    public synchronized @Nullable Victim take(String cgroup, long atMs) {
        Victim found = null;
        for (Iterator<Seen> each = lately.iterator(); each.hasNext(); ) {
            Seen seen = each.next();
            String lived = seen.victim.taskMemcg();
            boolean here = lived.equals(cgroup) || lived.startsWith(cgroup + "/");
            if (here && Math.abs(seen.atMs - atMs) <= SAME_KILL_MS) {
                found = found == null ? seen.victim : found;
                each.remove();
            }
        }
        return found;
    }
}
