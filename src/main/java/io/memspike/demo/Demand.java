package io.memspike.demo;

/** What one container's processes want of memory at one moment: amounts in bytes, user memory in whole pages. */
final class Demand {
    long anon;
    long shmem;
    long sock;
    /** Page cache that is kept warm; {@link Long#MAX_VALUE} for a reader that never comes back to a page. */
    long cache;
    /** Most that is read from files in one step. */
    long readsPerStep;
    /** Share of the page cache that is used again and again, and so ends on the active list. */
    int hotPercent;

    int threads;
    long slabReclaimable;
    long dirty;
    /** Whether anonymous memory is in huge pages where it can be. */
    boolean hugePages;

    /** Back to a small process that does nothing. */
    void reset() {
        anon = Bytes.MIB;
        shmem = 0;
        sock = 0;
        cache = 0;
        readsPerStep = 32 * Bytes.PAGE;
        hotPercent = 50;
        threads = 8;
        slabReclaimable = 256 * Bytes.KIB;
        dirty = 0;
        hugePages = false;
    }
}
