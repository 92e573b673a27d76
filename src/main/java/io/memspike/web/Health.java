package io.memspike.web;

import io.memspike.sampling.Discovery;
import io.memspike.sampling.Heartbeat;
import io.memspike.sampling.Sampler;
import java.util.Locale;

/** Whether samples are being taken, in one line. */
record Health(Sampler sampler, Discovery discovery) {
    private static final String OK = "OK";

    /** {@code OK}, or which thread has stood still for how long, and where. */
    String healthy() {
        String sampling = stalled("sampling", sampler.heartbeat());
        return sampling.equals(OK) ? stalled("discovery of cgroups", discovery.heartbeat()) : sampling;
    }

    /** {@code OK} from the first complete look at the tree on. */
    String ready() {
        return discovery.hasWalked() && sampler.ticks() > 0
                ? healthy()
                : "the first look at the cgroup tree is not over";
    }

    static boolean isOk(String answer) {
        return answer.equals(OK);
    }

    private static String stalled(String what, Heartbeat heartbeat) {
        long nanos = heartbeat.stalledNanos();
        if (nanos == 0) {
            return OK;
        }
        String at = heartbeat.at();
        return String.format(
                Locale.ROOT, "%s stands still for %.0f s%s", what, nanos / 1e9, at.isEmpty() ? "" : " at " + at);
    }
}
