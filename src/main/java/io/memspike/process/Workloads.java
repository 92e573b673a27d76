package io.memspike.process;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whose processes are to be looked at. Asked on the thread of {@code ProcessWatch}. */
public interface Workloads {
    /** One of them. */
    interface Workload {
        /** Takes a new figure. */
        void footprint(Footprint footprint);
    }

    /** All that are alive, the one that is closest to its limit first. */
    List<? extends Workload> riskiestFirst();

    /**
     * Whose process it is.
     *
     * @param path of its cgroup as /proc/PID/cgroup has it: relative to the root of the reader's cgroup namespace, so
     *     that it may begin with {@code /..}
     */
    @Nullable
    Workload of(String path);
}
