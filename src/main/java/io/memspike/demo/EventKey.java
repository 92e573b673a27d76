package io.memspike.demo;

/** The lines of memory.events as a 6.12 kernel writes them: {@code oom_kill 0}. */
enum EventKey {
    LOW,
    HIGH,
    MAX,
    OOM,
    OOM_KILL,
    OOM_GROUP_KILL
}
