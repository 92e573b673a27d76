package io.memspike.oom;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One decision of the kernel to kill, with what was seen of the container around it. As JSON each component has its
 * name in snake_case, with the unit as suffix.
 *
 * @param id unique, and a good name for a file: time, container, a few random digits
 * @param atMs when the kill was seen, in milliseconds since the epoch
 * @param kills processes that the kernel counted for it (oom_kill; a group kill counts one more than it had)
 * @param group whether all of the container was killed together (memory.oom.group)
 * @param limits in force at the last sample: the container's, then its pod's, then those of their ancestors
 * @param victim as the kernel log has it; null where that isn't readable, or has nothing that fits
 * @param memoryStat memory.stat in full at the last read of it that was kept; empty when none was
 * @param ticks memory.current of each tick ({@code current_bytes}), 60 s before and up to 5 s after
 * @param details memory.stat at each read of it, and {@code unreclaimable_bytes} of the same moment
 */
public record Incident(
        String id,
        long atMs,
        Subject subject,
        long kills,
        boolean group,
        List<Limit> limits,
        @Nullable Victim victim,
        @Nullable Processes processes,
        Map<String, Long> memoryStat,
        Series ticks,
        Series details,
        Verdict verdict) {
    /** Whose memory it was. Empty where it isn't known. */
    public record Subject(
            String namespace, String pod, String container, String podUid, String containerId, String cgroup) {}

    /**
     * One level on the way from the container to the root, at its last sample. Bytes; null where unlimited or unknown.
     *
     * @param hit whether it was this limit: by the kernel log, else the level with the least headroom
     */
    public record Limit(
            String cgroup,
            @Nullable Long maxBytes,
            @Nullable Long currentBytes,
            @Nullable Long unreclaimableBytes,
            boolean hit) {}

    /**
     * The process that the kernel chose.
     *
     * @param oomMemcg the cgroup whose limit was hit; empty when the node itself ran out
     * @param taskMemcg the cgroup where the victim lived
     */
    public record Victim(
            int pid,
            String name,
            long anonRssBytes,
            long fileRssBytes,
            long shmemRssBytes,
            int oomScoreAdj,
            String oomMemcg,
            String taskMemcg) {}

    /** What its processes took at the last look at them. Bytes; null where unknown. */
    public record Processes(
            int count,
            long ageMs,
            @Nullable Long pssBytes,
            @Nullable Long rssAnonBytes) {}

    /**
     * Samples in the order of time.
     *
     * @param atMs of each, in milliseconds from the kill; negative before it
     * @param columns by name; as many values each; {@link #ABSENT} where there was none (null in JSON)
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, before it is handed out
    public record Series(long[] atMs, Map<String, long[]> columns) {
        /** The same as {@code cgroup.Value.ABSENT}. */
        public static final long ABSENT = Long.MIN_VALUE;
    }

    /**
     * What it was, for a person.
     *
     * @param sentence with its numbers; something that can be acted on
     */
    public record Verdict(Kind kind, String sentence) {
        /** The kind, as the label {@code verdict} has it. */
        public String label() {
            return kind.name().toLowerCase(Locale.ROOT);
        }

        /** In lower case the label {@code verdict}. */
        public enum Kind {
            SPIKE,
            LEAK,
            SHMEM,
            KERNEL,
            DIRTY_CACHE,
            NEIGHBOUR,
            NODE,
            LIMIT_LOWERED,
            UNKNOWN
        }
    }
}
