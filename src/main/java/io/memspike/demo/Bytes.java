package io.memspike.demo;

/** Sizes. The memory controller counts in pages, so every amount of user memory here is a multiple of one. */
final class Bytes {
    static final long PAGE = 4096;
    static final long KIB = 1024;
    static final long MIB = 1024 * KIB;
    static final long GIB = 1024 * MIB;

    private Bytes() {}

    /** Rounded up to whole pages. */
    static long pages(long bytes) {
        return (bytes + PAGE - 1) / PAGE * PAGE;
    }

    /** Rounded up to whole pages. */
    static long pages(double bytes) {
        return pages((long) Math.ceil(bytes));
    }
}
