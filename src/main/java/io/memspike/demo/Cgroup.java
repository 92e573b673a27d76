package io.memspike.demo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel accounts for one cgroup. Everything added here is added to all ancestors as well, so that a parent is
 * its children's sum by construction. A leaf can go offline and come back as a new cgroup of the same name.
 */
final class Cgroup {
    /** No memory.max: the file says {@code max}. */
    static final long UNLIMITED = Long.MAX_VALUE;

    private final String name;
    private final @Nullable Cgroup parent;
    private final List<Cgroup> children = new ArrayList<>();
    private final long max;
    private final FlatKeyed<StatKey> stat = new FlatKeyed<>(StatKey.class);
    private final FlatKeyed<EventKey> events = new FlatKeyed<>(EventKey.class);
    private final Pressure pressure = new Pressure();
    private final Tasks tasks;
    private long peak;
    private long evicted;
    private int childrenMade;
    private boolean groupOom;
    private boolean online = true;
    private boolean killed;

    /** The root: no name, no limit, no usage of its own. */
    Cgroup() {
        this("", null, UNLIMITED, new Tasks(2, 3));
    }

    private Cgroup(String name, @Nullable Cgroup parent, long max, Tasks tasks) {
        this.name = name;
        this.parent = parent;
        this.max = max;
        this.tasks = tasks;
    }

    /** Makes an inner cgroup; its tasks are all further down. */
    Cgroup slice(String childName, long childMax) {
        return leaf(childName, childMax, new Tasks(0, 0));
    }

    /** Makes a cgroup with tasks. */
    Cgroup leaf(String childName, long childMax, Tasks childTasks) {
        Cgroup child = new Cgroup(childName, this, childMax, childTasks);
        children.add(child);
        return child;
    }

    /** memory.oom.group, which the kubelet sets on containers. */
    void groupOom() {
        groupOom = true;
    }

    boolean hasGroupOom() {
        return groupOom;
    }

    String name() {
        return name;
    }

    @Nullable
    Cgroup parent() {
        return parent;
    }

    List<Cgroup> children() {
        return children;
    }

    long max() {
        return max;
    }

    Tasks tasks() {
        return tasks;
    }

    Pressure pressure() {
        return pressure;
    }

    /** memory.stat. */
    FlatKeyed<StatKey> stat() {
        return stat;
    }

    /** memory.events. */
    FlatKeyed<EventKey> events() {
        return events;
    }

    long stat(StatKey key) {
        return stat.get(key);
    }

    /** memory.current in bytes; there is no per-CPU stock here, so the accounting identity holds exactly. */
    long current() {
        return stat(StatKey.ANON) + stat(StatKey.FILE) + stat(StatKey.KERNEL) + stat(StatKey.SOCK);
    }

    long peak() {
        return peak;
    }

    boolean online() {
        return online;
    }

    /**
     * A child's directory is complete. systemd then writes this cgroup's cgroup.subtree_control, which tells a watcher
     * who saw the directory before its files that the memory controller is there now.
     */
    void childMade() {
        childrenMade++;
    }

    int childrenMade() {
        return childrenMade;
    }

    /** Whether the OOM killer has chosen this cgroup; its tasks can charge no more. */
    boolean killed() {
        return killed;
    }

    /** Bytes of page cache that were reclaimed here and not read again: a read of them is a refault. */
    long evicted() {
        return evicted;
    }

    void add(StatKey key, long delta) {
        if (delta == 0) {
            return;
        }
        for (Cgroup level = this; level != null; level = level.parent) {
            level.stat.add(key, delta);
        }
    }

    /** Sets what only this leaf knows, and moves the ancestors by the difference. */
    void set(StatKey key, long value) {
        add(key, value - stat(key));
    }

    void count(EventKey key, long times) {
        for (Cgroup level = this; level != null; level = level.parent) {
            level.events.add(key, times);
        }
    }

    void stall(long someMicros, long fullMicros) {
        for (Cgroup level = this; level != null; level = level.parent) {
            level.pressure.add(someMicros, fullMicros);
        }
    }

    void evict(long bytes) {
        evicted += bytes;
    }

    void kill() {
        killed = true;
    }

    /** Ends a step: what rose above it within the step is no peak, for no reader could have seen it. */
    void settle(long nowMillis, long stepMillis) {
        peak = Math.max(peak, current());
        pressure.settle(nowMillis, stepMillis);
    }

    /** The last task has gone: its memory is free, here and in the ancestors; what was counted stays counted. */
    void free() {
        for (StatKey key : StatKey.GAUGES) {
            set(key, 0);
        }
    }

    /** rmdir. The ancestors keep what they counted of this one. */
    void takeOffline() {
        online = false;
    }

    /** mkdir under the same name: another cgroup, with nothing counted yet. */
    void bringOnline() {
        stat.clear();
        events.clear();
        pressure.reset();
        peak = 0;
        evicted = 0;
        killed = false;
        online = true;
        tasks.start();
    }
}
