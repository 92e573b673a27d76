package io.memspike.linux;

import java.util.function.Supplier;

/** Who counts what went wrong, by source and outcome, and logs each distinct error once. Any thread may tell it. */
public interface Failures {
    /**
     * Counts one failure.
     *
     * @param source what failed, as the label {@code source} has it: {@code kubelet}, {@code smaps_rollup}
     * @param what where, and why, in one line; asked for only when it may be logged
     */
    void count(String source, Outcome outcome, Supplier<String> what);
}
