package io.memspike.sampling;

import io.memspike.process.Footprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is noted on the sampler's thread in the moment in which a kill is seen; the rest is done by who is told.
 *
 * @param atNanos of the monotonic clock
 * @param atMs since the epoch
 * @param kills processes, as the kernel counts them
 * @param decisions of the kernel; 0 when the kills belong to the decision that was told of before
 * @param group whether the kernel killed the whole group
 * @param history goes on for as long as the cgroup lives; null when it was gone before it was sampled
 * @param statText memory.stat in full when it was last kept; empty when it never was
 * @param levels the container's own, then those above it
 */
@SuppressWarnings("ArrayRecordComponent") // written once, before it is handed out
public record Kill(
        Container container,
        long atNanos,
        long atMs,
        long kills,
        long decisions,
        boolean group,
        @Nullable History history,
        @Nullable Footprint footprint,
        byte[] statText,
        List<State> levels) {
    /** Who is told of kills, on the sampler's thread: it must only take a note. */
    public interface Listener {
        void killed(Kill kill);
    }

    /**
     * One level at its last sample. Bytes, or {@link io.memspike.cgroup.Value}.
     *
     * @param unreclaimable the highest of the last second or two
     * @param swapRoom that it might still have filled
     * @param maxBefore the limit before it was last changed, and {@code changedNanos} how long that is ago
     */
    public record State(
            String cgroup,
            boolean pod,
            long max,
            long current,
            long unreclaimable,
            long swapRoom,
            long maxBefore,
            long changedNanos) {
        static State of(Level level, long now) {
            return new State(
                    level.cgroup.dir().name(),
                    level.kind == Level.Kind.POD,
                    level.max,
                    level.current,
                    level.lately(),
                    level.swapRoom,
                    level.maxBefore,
                    now - level.maxChangedAt);
        }
    }
}
