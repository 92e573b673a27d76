package io.memspike.demo;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The lines of memory.stat, in the order of a 6.12 kernel built without zswap, as Debian's cloud kernel is
 * (memory_stats[] and memcg_vm_event_stat[] in mm/memcontrol.c): {@code anon 157286400}. Bytes up to {@link #SLAB}, then
 * counts of pages and events.
 */
enum StatKey {
    ANON,
    FILE,
    KERNEL,
    KERNEL_STACK,
    PAGETABLES,
    SEC_PAGETABLES,
    PERCPU,
    SOCK,
    VMALLOC,
    SHMEM,
    FILE_MAPPED,
    FILE_DIRTY,
    FILE_WRITEBACK,
    SWAPCACHED,
    ANON_THP,
    FILE_THP,
    SHMEM_THP,
    INACTIVE_ANON,
    ACTIVE_ANON,
    INACTIVE_FILE,
    ACTIVE_FILE,
    UNEVICTABLE,
    SLAB_RECLAIMABLE,
    SLAB_UNRECLAIMABLE,
    SLAB,
    WORKINGSET_REFAULT_ANON,
    WORKINGSET_REFAULT_FILE,
    WORKINGSET_ACTIVATE_ANON,
    WORKINGSET_ACTIVATE_FILE,
    WORKINGSET_RESTORE_ANON,
    WORKINGSET_RESTORE_FILE,
    WORKINGSET_NODERECLAIM,
    PGDEMOTE_KSWAPD,
    PGDEMOTE_DIRECT,
    PGDEMOTE_KHUGEPAGED,
    PGPROMOTE_SUCCESS,
    PGSCAN,
    PGSTEAL,
    PGSCAN_KSWAPD,
    PGSCAN_DIRECT,
    PGSCAN_KHUGEPAGED,
    PGSTEAL_KSWAPD,
    PGSTEAL_DIRECT,
    PGSTEAL_KHUGEPAGED,
    PGFAULT,
    PGMAJFAULT,
    PGREFILL,
    PGACTIVATE,
    PGDEACTIVATE,
    PGLAZYFREE,
    PGLAZYFREED,
    SWPIN_ZERO,
    SWPOUT_ZERO,
    THP_FAULT_ALLOC,
    THP_COLLAPSE_ALLOC,
    THP_SWPOUT,
    THP_SWPOUT_FALLBACK,
    NUMA_PAGES_MIGRATED,
    NUMA_PTE_UPDATES,
    NUMA_HINT_FAULTS;

    /** The lines that go down when memory is freed; the others only ever rise. */
    static final Set<StatKey> GAUGES = Collections.unmodifiableSet(EnumSet.range(ANON, SLAB));
}
