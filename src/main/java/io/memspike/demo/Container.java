package io.memspike.demo;

/** One container's life in its cgroup: it runs, may be killed, is removed, and is started anew by the kubelet. */
final class Container {
    /** From the kill to freed memory, to reaped processes, to the removed directory, to the next start. */
    private static final long FREED_AFTER_MILLIS = 20;

    private static final long REAPED_AFTER_MILLIS = 40;
    private static final long REMOVED_AFTER_MILLIS = 60;
    private static final long RESTARTED_AFTER_MILLIS = REMOVED_AFTER_MILLIS + 2000;

    private static final long STACK_A_THREAD = 16 * Bytes.KIB;
    private static final long PAGE_TABLE_BASE = 64 * Bytes.KIB;
    private static final long PERCPU = 9_792;
    private static final long SLAB_UNRECLAIMABLE = 211_736;
    private static final long HUGE_PAGE = 2 * Bytes.MIB;
    private static final int BYTES_A_PAGE_TABLE_BYTE = 512;

    private final Cgroup cgroup;
    private final Workload workload;
    private final MemoryController memory;
    private final Demand demand = new Demand();
    private boolean dying;
    /** When it was started, or killed when it is dying. */
    private long since;

    Container(Cgroup cgroup, Workload workload, MemoryController memory) {
        this.cgroup = cgroup;
        this.workload = workload;
        this.memory = memory;
    }

    void step(long nowMillis) {
        if (dying) {
            die(nowMillis, nowMillis - since);
            return;
        }
        run(nowMillis - since);
        if (cgroup.killed()) {
            dying = true;
            since = nowMillis;
        }
    }

    private void die(long nowMillis, long deadMillis) {
        if (deadMillis == FREED_AFTER_MILLIS) {
            cgroup.free();
        } else if (deadMillis == REAPED_AFTER_MILLIS) {
            cgroup.tasks().exit();
        } else if (deadMillis == REMOVED_AFTER_MILLIS) {
            cgroup.takeOffline();
        } else if (deadMillis == RESTARTED_AFTER_MILLIS) {
            cgroup.bringOnline();
            dying = false;
            since = nowMillis;
        }
    }

    private void run(long ageMillis) {
        demand.reset();
        workload.demand(ageMillis, demand);
        memory.resize(cgroup, StatKey.ANON, demand.anon);
        memory.resize(cgroup, StatKey.SHMEM, demand.shmem);
        memory.resize(cgroup, StatKey.SOCK, demand.sock);
        chargeKernel();
        long missing = demand.cache - cache();
        if (missing > 0) {
            memory.read(cgroup, Math.min(missing, demand.readsPerStep), demand.hotPercent);
        }
        memory.age(cgroup, demand.hotPercent);
        describe();
    }

    /** {@code kernel} is counted in pages, percpu and slab in bytes, so it is a little more than its parts. */
    private void chargeKernel() {
        long stacks = demand.threads * STACK_A_THREAD;
        long user = cgroup.stat(StatKey.ANON) + cgroup.stat(StatKey.SHMEM);
        long pageTables = PAGE_TABLE_BASE + Bytes.pages(user / BYTES_A_PAGE_TABLE_BYTE);
        long slabs = demand.slabReclaimable + SLAB_UNRECLAIMABLE;
        long kernel = stacks + pageTables + Bytes.pages(PERCPU) + Bytes.pages(slabs);
        memory.resize(cgroup, StatKey.KERNEL, kernel);
        if (cgroup.stat(StatKey.KERNEL) < kernel) {
            return;
        }
        cgroup.set(StatKey.KERNEL_STACK, stacks);
        cgroup.set(StatKey.PAGETABLES, pageTables);
        cgroup.set(StatKey.PERCPU, PERCPU);
        cgroup.set(StatKey.SLAB_RECLAIMABLE, demand.slabReclaimable);
        cgroup.set(StatKey.SLAB_UNRECLAIMABLE, SLAB_UNRECLAIMABLE);
        cgroup.set(StatKey.SLAB, slabs);
    }

    /** The lines that only say more about memory that is already charged. */
    private void describe() {
        long anon = cgroup.stat(StatKey.ANON);
        // Shared memory is on the lists of anonymous memory, though it counts as file.
        long lru = anon + cgroup.stat(StatKey.SHMEM);
        long active = lru / Bytes.PAGE / 8 * Bytes.PAGE;
        cgroup.set(StatKey.ACTIVE_ANON, active);
        cgroup.set(StatKey.INACTIVE_ANON, lru - active);
        cgroup.set(StatKey.ANON_THP, demand.hugePages ? anon * 3 / 4 / HUGE_PAGE * HUGE_PAGE : 0);
        long cache = cache();
        cgroup.set(StatKey.FILE_MAPPED, cache / Bytes.PAGE * demand.hotPercent / 200 * Bytes.PAGE);
        cgroup.set(StatKey.FILE_DIRTY, Math.min(demand.dirty, cache));
    }

    private long cache() {
        return cgroup.stat(StatKey.INACTIVE_FILE) + cgroup.stat(StatKey.ACTIVE_FILE);
    }
}
