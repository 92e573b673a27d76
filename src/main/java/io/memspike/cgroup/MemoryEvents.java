package io.memspike.cgroup;

/**
 * What we want of memory.events, as places in an array; counts since the cgroup was made. Hierarchical: each ancestor
 * counts it too, and keeps it when the cgroup is removed.
 *
 * <p>Documentation/admin-guide/cgroup-v2.rst, memory.events; counted by memcg_memory_event() (mm/memcontrol.c).
 */
public final class MemoryEvents {
    /** Times that a charge was throttled because usage went over memory.high. */
    public static final int HIGH = 0;
    /** Times that a charge was about to go over memory.max, of this cgroup: reclaim began. */
    public static final int MAX = 1;
    /** Processes killed by any kind of OOM killer. One group kill of three processes counts four. */
    public static final int OOM_KILL = 2;
    /** Decisions to kill the whole group (memory.oom.group). Since Linux 5.17. */
    public static final int OOM_GROUP_KILL = 3;

    public static final int COUNT = 4;

    private MemoryEvents() {}

    public static FlatKeyed parser() {
        return new FlatKeyed(COUNT - 1, "high", "max", "oom_kill", "oom_group_kill");
    }
}
