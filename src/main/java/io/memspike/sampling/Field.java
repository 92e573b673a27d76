package io.memspike.sampling;

/**
 * What a {@link Container} publishes: one long each, {@link io.memspike.cgroup.Value#ABSENT} when there is none. The
 * unit stands in the name where it isn't bytes or a plain count.
 */
public enum Field {
    CURRENT,
    WORKING_SET,
    ANON_RISK,
    UNRECLAIMABLE,
    HEADROOM,
    ANON,
    FILE,
    SHMEM,
    KERNEL,
    // Of its processes, by io.memspike.process.
    PSS,
    PSS_ANON,
    PSS_FILE,
    PSS_SHMEM,
    USS,
    SWAP_PSS,
    PSS_AGE_MILLIS,
    RSS_ANON,
    RSS_SHMEM,
    PROCESSES,
    LIMIT,
    LIFETIME_PEAK,
    // Extremes of the window, in the order of PeakWindows.
    CURRENT_PEAK,
    WORKING_SET_PEAK,
    ANON_RISK_PEAK,
    UNRECLAIMABLE_PEAK,
    HEADROOM_LOW,
    STALLED_PEAK_PPM,
    // Counters: they go on when the container is restarted.
    NEAR_LIMIT_NANOS,
    NEAR_LIMIT_ENTRIES,
    LIMIT_HITS,
    HIGH_HITS,
    MAJOR_FAULTS,
    WAITING_MICROS,
    STALLED_MICROS,
    OOM_KILLS,
    OOM_INCIDENTS,
    LAST_KILL_EPOCH_MILLIS;

    public static final int COUNT = values().length;
}
