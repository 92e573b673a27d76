package io.memspike.metrics;

import io.memspike.sampling.Field;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue: every family that the exporter names itself. README's table is checked against it. Workload families
 * take a {@link Field} each; the exporter's own (field null) are filled by {@link SelfMetrics}.
 */
public enum Metric {
    MEMORY_CURRENT_BYTES(Field.CURRENT, "Memory charged to the container (memory.current), at the last sample."),
    MEMORY_CURRENT_PEAK_BYTES(
            Field.CURRENT_PEAK, "Highest memory.current sampled in the last memspike_window_seconds."),
    MEMORY_WORKING_SET_BYTES(
            Field.WORKING_SET, "memory.current - inactive_file: the kubelet's number. The kernel does not kill by it."),
    MEMORY_WORKING_SET_PEAK_BYTES(Field.WORKING_SET_PEAK, "Highest working set in the last memspike_window_seconds."),
    MEMORY_ANON_RISK_BYTES(
            Field.ANON_RISK,
            "memory.current - file - shmem. file contains shmem, so tmpfs is taken off twice and hidden: "
                    + "alert on memspike_memory_unreclaimable_bytes instead."),
    MEMORY_ANON_RISK_PEAK_BYTES(Field.ANON_RISK_PEAK, "Highest anon_risk in the last memspike_window_seconds."),
    MEMORY_UNRECLAIMABLE_BYTES(
            Field.UNRECLAIMABLE,
            "What reclaim can not give back: memory.current - inactive_file - active_file - slab_reclaimable - what "
                    + "swap would take. Movements below 64 pages per CPU may be up to 2 s late (memory.stat)."),
    MEMORY_UNRECLAIMABLE_PEAK_BYTES(
            Field.UNRECLAIMABLE_PEAK, "Highest unreclaimable memory in the last memspike_window_seconds."),
    MEMORY_LIMIT_BYTES(
            Field.LIMIT, "memory.max of the container or its parent (the pod), the smaller; absent without a limit."),
    MEMORY_HEADROOM_BYTES(
            Field.HEADROOM,
            "Smallest memory.max - unreclaimable over the container, its pod and their ancestors: "
                    + "the level with the smallest headroom is the one that kills."),
    MEMORY_HEADROOM_LOW_BYTES(Field.HEADROOM_LOW, "Lowest headroom in the last memspike_window_seconds."),
    MEMORY_LIFETIME_PEAK_BYTES(Field.LIFETIME_PEAK, "Highest memory.current since the cgroup was made (memory.peak)."),
    MEMORY_ANON_BYTES(Field.ANON, "Anonymous memory (memory.stat anon); includes MADV_FREE memory."),
    MEMORY_FILE_BYTES(Field.FILE, "Page cache (memory.stat file); includes tmpfs and shared memory."),
    MEMORY_SHMEM_BYTES(Field.SHMEM, "tmpfs, shared memory and shared anonymous maps (memory.stat shmem)."),
    MEMORY_KERNEL_BYTES(Field.KERNEL, "Kernel memory (memory.stat kernel), without sockets; since Linux 5.18."),
    MEMORY_PSS_BYTES(
            Field.PSS,
            "Sum over the processes of their proportional share (smaps_rollup Pss); absent unless all could be read. "
                    + "The kernel compares it with no limit."),
    MEMORY_PSS_ANON_BYTES(Field.PSS_ANON, "The anonymous part: the same as the cgroup's anon, if none is shared."),
    MEMORY_PSS_FILE_BYTES(
            Field.PSS_FILE,
            "Mapped files, by share. They are charged to whoever touched them first: no part of a limit."),
    MEMORY_PSS_SHMEM_BYTES(Field.PSS_SHMEM, "Mapped tmpfs and shared memory, by share; charged likewise."),
    MEMORY_USS_BYTES(Field.USS, "What only one process maps (Private_Clean + Private_Dirty), summed."),
    MEMORY_SWAP_PSS_BYTES(Field.SWAP_PSS, "What is in swap, by share (SwapPss)."),
    MEMORY_PSS_AGE_SECONDS(Field.PSS_AGE_MILLIS, 3, "Age of what is said of the processes."),
    MEMORY_RSS_ANON_BYTES(
            Field.RSS_ANON,
            "Sum of RssAnon of status, where PSS may not be read; counts twice what is shared by fork."),
    MEMORY_RSS_SHMEM_BYTES(
            Field.RSS_SHMEM, "Sum of RssShmem of status, where PSS may not be read; counts what is shared many times."),
    PROCESSES(Field.PROCESSES, "Processes with memory of their own, at the last look."),
    MEMORY_NEAR_LIMIT_SECONDS_TOTAL(
            Field.NEAR_LIMIT_NANOS, 9, "Time in which unreclaimable memory was at 90 % of the nearest limit, or more."),
    MEMORY_NEAR_LIMIT_ENTRIES_TOTAL(Field.NEAR_LIMIT_ENTRIES, "Times that it came within 10 % of the nearest limit."),
    MEMORY_LIMIT_HITS_TOTAL(
            Field.LIMIT_HITS,
            "Times that a charge was about to go over memory.max of the container's own cgroup (memory.events max)."),
    MEMORY_HIGH_HITS_TOTAL(Field.HIGH_HITS, "Times that a charge was throttled over memory.high (memory.events high)."),
    MEMORY_MAJOR_FAULTS_TOTAL(
            Field.MAJOR_FAULTS, "Page faults that needed I/O (pgmajfault): an I/O signal, not an OOM signal."),
    PRESSURE_WAITING_SECONDS_TOTAL(
            Field.WAITING_MICROS, 6, "Time in which some task stood still for want of memory (memory.pressure some)."),
    PRESSURE_STALLED_SECONDS_TOTAL(
            Field.STALLED_MICROS, 6, "Time in which all tasks stood still for want of memory (memory.pressure full)."),
    PRESSURE_STALLED_PEAK_RATIO(
            Field.STALLED_PEAK_PPM,
            6,
            "Largest share of a detail interval in which all tasks stood still, in the last memspike_window_seconds."),
    OOM_KILLS_TOTAL(
            Field.OOM_KILLS,
            "Processes killed by the OOM killer (memory.events oom_kill), also when the cgroup was removed at once. "
                    + "A group kill of three counts four."),
    OOM_INCIDENTS_TOTAL(Field.OOM_INCIDENTS, "Decisions of the kernel to kill; what to alert on."),
    OOM_LAST_KILL_TIMESTAMP_SECONDS(
            Field.LAST_KILL_EPOCH_MILLIS, 3, "When the last kill was seen; absent until the first."),
    CONTAINER_INFO(Type.INFO, "What else is known of a container, in labels; always 1."),

    WINDOW_SECONDS(Type.GAUGE, "Length of the window of every peak and low; keep it twice the scrape interval."),
    CONTAINERS(Type.GAUGE, "Containers, and cgroups outside Kubernetes, that are exposed now."),
    UNRESOLVED_CONTAINERS(Type.GAUGE, "Of these, containers of pods whose namespace, pod and name are not known."),
    SAMPLE_INTERVAL_SECONDS(Type.GAUGE, "From tick to tick, in effect: longer than asked for under the CPU budget."),
    SAMPLES_TOTAL(Type.COUNTER, "Reads of a container's memory.current."),
    TICKS_TOTAL(Type.COUNTER, "Ticks of the sampler."),
    TICKS_LATE_TOTAL(Type.COUNTER, "Ticks skipped because the one before them, or the node, took too long."),
    TICK_SECONDS(Type.HISTOGRAM, "How long a tick took."),
    STALLED_SECONDS(Type.GAUGE, "For how long the sampler or discovery has stood still; 0 while it is getting on."),
    SOURCE_ERRORS_TOTAL(Type.COUNTER, "Reads that failed, by file and outcome."),
    INCIDENTS_TOTAL(Type.COUNTER, "Kills that were recorded, by verdict; kept at /api/v1/incidents."),
    PSS_SKIPPED_PROCESSES_TOTAL(
            Type.COUNTER, "Processes whose PSS was not read because they are larger than --pss.largest-process."),
    FEATURE_ENABLED(Type.GAUGE, "Whether a feature works here."),
    BUILD_INFO(Type.GAUGE, "Version and revision of the exporter, and the Java version it runs on; always 1.");

    /** The types of the text formats that we use. */
    public enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM,
        INFO
    }

    private static final String PREFIX = "memspike_";
    private static final String TOTAL = "_total";

    private final Type type;
    private final @Nullable Field field;
    private final int decimals;
    private final String help;

    Metric(Field field, String help) {
        this(field, 0, help);
    }

    Metric(Field field, int decimals, String help) {
        this.type = name().endsWith("_TOTAL") ? Type.COUNTER : Type.GAUGE;
        this.field = field;
        this.decimals = decimals;
        this.help = help;
    }

    Metric(Type type, String help) {
        this.type = type;
        this.field = null;
        this.decimals = 0;
        this.help = help;
    }

    /** The name of the family in the text format 0.0.4. */
    public String family() {
        return PREFIX + name().toLowerCase(Locale.ROOT);
    }

    /** The name without {@code _total} and {@code _info}, which OpenMetrics keeps for samples. */
    public String openMetricsFamily() {
        String suffix = type == Type.COUNTER ? TOTAL : type == Type.INFO ? "_info" : "";
        return family().substring(0, family().length() - suffix.length());
    }

    public Type type() {
        return type;
    }

    /** What is published of a container under this name; null for the exporter's own, and for info. */
    public @Nullable Field field() {
        return field;
    }

    /** How many decimal places the published long has: 9 when it is nanoseconds and exposed as seconds. */
    int decimals() {
        return decimals;
    }

    public String help() {
        return help;
    }

    /** The base unit that the name ends in; empty for a count. */
    public String unit() {
        for (String unit : new String[] {"bytes", "seconds", "ratio"}) {
            if (openMetricsFamily().endsWith("_" + unit)) {
                return unit;
            }
        }
        return "";
    }
}
