package io.memspike.demo;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel does with a charge (try_charge_memcg() in mm/memcontrol.c, without swap): walk from the cgroup to the
 * root, reclaim page cache where a limit is in the way, and kill when that gives too little back.
 */
final class MemoryController {
    /** MEMCG_CHARGE_BATCH. Small against a pause container, so a pod's limit fires before its container's. */
    private static final long BATCH = 64 * Bytes.PAGE;

    /** Reclaim goes a little further than asked, so usage moves below the limit instead of standing at it. */
    private static final int MOST_EXTRA_PAGES = 256;

    private static final long SCAN_MICROS = 15;
    private static final long PAGES_RECLAIMED_A_MICRO = 8;
    private static final long REFAULT_MICROS = 60;
    private static final int PAGES_READ_AHEAD = 8;
    private static final long SEED = 0x6D656D6367L;

    private long reclaims;
    private @Nullable Cgroup shortOf;

    /** Brings one kind of memory that cannot be reclaimed to an amount; may end in an OOM kill, here or next door. */
    void resize(Cgroup leaf, StatKey kind, long target) {
        long delta = target - leaf.stat(kind);
        if (delta <= 0) {
            account(leaf, kind, delta);
            return;
        }
        long before = leaf.stat(kind);
        boolean room = !leaf.killed();
        while (room && leaf.stat(kind) < target) {
            long wanted = Math.min(BATCH, target - leaf.stat(kind));
            long got = makeRoom(leaf, wanted);
            account(leaf, kind, got);
            room = got == wanted;
        }
        if (!room && shortOf != null && !leaf.killed()) {
            kill(shortOf);
        }
        leaf.add(StatKey.PGFAULT, (leaf.stat(kind) - before) / Bytes.PAGE);
    }

    /** Reads files into page cache, at most {@code bytes}. Old cache makes room for new, so this never kills. */
    void read(Cgroup leaf, long bytes, int hotPercent) {
        long charged = 0;
        boolean room = !leaf.killed();
        while (room && charged < bytes) {
            long wanted = Math.min(BATCH, bytes - charged);
            long got = makeRoom(leaf, wanted);
            account(leaf, StatKey.INACTIVE_FILE, got);
            charged += got;
            room = got == wanted;
        }
        long refaulted = Math.min(leaf.evicted(), charged) / Bytes.PAGE;
        if (refaulted > 0) {
            refault(leaf, refaulted, refaulted * hotPercent / 100);
        }
    }

    /** Moves page cache between the lists towards the share that is used again and again. */
    void age(Cgroup leaf, int hotPercent) {
        long inactive = leaf.stat(StatKey.INACTIVE_FILE);
        long active = leaf.stat(StatKey.ACTIVE_FILE);
        long hot = (inactive + active) / Bytes.PAGE * hotPercent / 100 * Bytes.PAGE;
        long moved = Math.max(-BATCH, Math.min(BATCH, hot - active));
        leaf.add(StatKey.ACTIVE_FILE, moved);
        leaf.add(StatKey.INACTIVE_FILE, -moved);
        leaf.add(moved > 0 ? StatKey.PGACTIVATE : StatKey.PGDEACTIVATE, Math.abs(moved) / Bytes.PAGE);
    }

    private static void account(Cgroup leaf, StatKey kind, long delta) {
        leaf.add(kind, delta);
        if (kind == StatKey.SHMEM || kind == StatKey.INACTIVE_FILE || kind == StatKey.ACTIVE_FILE) {
            leaf.add(StatKey.FILE, delta);
        }
    }

    /** How much of {@code bytes} can be charged; less than all of it leaves the level that refused in a field. */
    private long makeRoom(Cgroup leaf, long bytes) {
        long room = bytes;
        shortOf = null;
        for (Cgroup level = leaf; level != null; level = level.parent()) {
            long over = level.current() + room - level.max();
            if (over > 0) {
                level.count(EventKey.MAX, 1);
                long reclaimed = reclaim(leaf, level, over);
                if (reclaimed < over) {
                    shortOf = level;
                    room = Math.max(0, room - (over - reclaimed));
                }
            }
        }
        return room;
    }

    /** Direct reclaim below {@code top}, paid for by the task that charges. */
    private long reclaim(Cgroup charging, Cgroup top, long over) {
        long extra = (Noise.bits(SEED, reclaims++) & (MOST_EXTRA_PAGES - 1)) * Bytes.PAGE;
        long wanted = Bytes.pages(over) + extra;
        long got = shrink(top, StatKey.INACTIVE_FILE, wanted);
        got += shrink(top, StatKey.ACTIVE_FILE, wanted - got);
        long micros = SCAN_MICROS + got / Bytes.PAGE / PAGES_RECLAIMED_A_MICRO;
        charging.stall(micros, micros);
        return got;
    }

    private static long shrink(Cgroup level, StatKey list, long wanted) {
        List<Cgroup> children = level.children();
        if (children.isEmpty()) {
            return shrinkLeaf(level, list, Math.min(wanted, level.stat(list)));
        }
        long got = 0;
        for (int i = 0; i < children.size() && got < wanted; i++) {
            got += shrink(children.get(i), list, wanted - got);
        }
        return got;
    }

    private static long shrinkLeaf(Cgroup leaf, StatKey list, long bytes) {
        long pages = bytes / Bytes.PAGE;
        account(leaf, list, -bytes);
        leaf.evict(bytes);
        leaf.add(StatKey.PGSCAN, pages);
        leaf.add(StatKey.PGSCAN_DIRECT, pages);
        leaf.add(StatKey.PGSTEAL, pages);
        leaf.add(StatKey.PGSTEAL_DIRECT, pages);
        return bytes;
    }

    /** Waiting for a page that was just here is a memory stall, when it was one of those in constant use. */
    private static void refault(Cgroup leaf, long pages, long hotPages) {
        leaf.evict(-pages * Bytes.PAGE);
        leaf.add(StatKey.WORKINGSET_REFAULT_FILE, pages);
        leaf.add(StatKey.WORKINGSET_ACTIVATE_FILE, hotPages);
        leaf.add(StatKey.WORKINGSET_RESTORE_FILE, hotPages / 2);
        leaf.add(StatKey.PGFAULT, pages);
        leaf.add(StatKey.PGMAJFAULT, (pages + PAGES_READ_AHEAD - 1) / PAGES_READ_AHEAD);
        leaf.stall(hotPages * REFAULT_MICROS, hotPages * REFAULT_MICROS * 3 / 4);
    }

    /** The OOM killer: out of memory at {@code top}, it takes the largest below it, unless one is dying already. */
    private static void kill(Cgroup top) {
        top.count(EventKey.OOM, 1);
        Cgroup victim = isDying(top) ? null : largest(top);
        if (victim == null) {
            return;
        }
        victim.kill();
        if (victim.hasGroupOom()) {
            // The kernel kills the chosen task once by itself and once more with its group, and counts both.
            victim.count(EventKey.OOM_KILL, victim.tasks().count() + 1);
            victim.count(EventKey.OOM_GROUP_KILL, 1);
        } else {
            victim.count(EventKey.OOM_KILL, 1);
        }
    }

    /** Whether an earlier victim still holds the memory that its death will free. */
    private static boolean isDying(Cgroup level) {
        if (level.children().isEmpty()) {
            return level.killed() && level.current() > 0;
        }
        for (Cgroup child : level.children()) {
            if (isDying(child)) {
                return true;
            }
        }
        return false;
    }

    /** By resident memory, as oom_badness() counts; null when all are dead. */
    private static @Nullable Cgroup largest(Cgroup level) {
        if (level.children().isEmpty()) {
            return level.killed() ? null : level;
        }
        Cgroup largest = null;
        for (Cgroup child : level.children()) {
            Cgroup candidate = largest(child);
            if (candidate != null && (largest == null || resident(candidate) > resident(largest))) {
                largest = candidate;
            }
        }
        return largest;
    }

    private static long resident(Cgroup leaf) {
        return leaf.stat(StatKey.ANON) + leaf.stat(StatKey.SHMEM);
    }
}
