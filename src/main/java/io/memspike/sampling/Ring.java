package io.memspike.sampling;

import io.memspike.cgroup.Value;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The raw samples of the last minute, of fixed size. Values are kept as read, in pages (which is how the kernel counts
 * them): formulas are applied by who looks, so that a record can be gone over again with a later formula.
 *
 * <p>One thread adds, and allocates nothing; any thread may {@link #copy}, and waits for nobody.
 */
final class Ring {
    private static final VarHandle ADDED;
    private static final int PAGE_SHIFT = 12;
    private static final int NONE = -1;

    static {
        try {
            ADDED = MethodHandles.lookup().findVarHandle(Ring.class, "added", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int row;
    private final int capacity;
    /** [slot × row]: milliseconds of the monotonic clock, cut to an int, then the values in pages. */
    private final int[] slots;

    private long added;

    /** @param columns how many values each sample has */
    Ring(int capacity, int columns) {
        this.capacity = capacity;
        this.row = 1 + columns;
        slots = new int[capacity * row];
    }

    /** Begins a sample, in the place of the oldest; its values follow by {@link #put}. */
    void begin(long nowNanos) {
        slots[slot(added)] = (int) (nowNanos / 1_000_000);
    }

    /** @param bytes absent is kept as absent; anything beyond 8 TiB as 8 TiB */
    void put(int column, long bytes) {
        int pages = bytes == Value.ABSENT ? NONE : (int) Math.min(Integer.MAX_VALUE, bytes >> PAGE_SHIFT);
        slots[slot(added) + 1 + column] = pages;
    }

    /** Ends the sample: readers see it from now on. */
    void commit() {
        ADDED.setRelease(this, added + 1);
        // What is written next is in the slot behind: a reader that sees any of it must see the number too.
        VarHandle.storeStoreFence();
    }

    /**
     * The samples, oldest first: of each, how many milliseconds before {@code nowNanos} it was taken, then its values
     * in bytes. One that is overwritten while it is copied is left out.
     */
    long[][] copy(long nowNanos) {
        long end = (long) ADDED.getAcquire(this);
        long begin = Math.max(0, end - capacity);
        int[] copied = slots.clone();
        VarHandle.loadLoadFence();
        // The writer may be at work on the slot behind the last it committed.
        long intact = Math.max(begin, (long) ADDED.getOpaque(this) + 1 - capacity);
        long[][] samples = new long[(int) Math.max(0, end - intact)][];
        int now = (int) (nowNanos / 1_000_000);
        for (int i = 0; i < samples.length; i++) {
            samples[i] = sample(copied, slot(intact + i), now);
        }
        return samples;
    }

    private long[] sample(int[] copied, int slot, int now) {
        long[] sample = new long[row];
        // The difference of two ints cut from a longer clock is right however often that has wrapped.
        int age = now - copied[slot];
        sample[0] = age;
        for (int column = 1; column < row; column++) {
            int pages = copied[slot + column];
            sample[column] = pages == NONE ? Value.ABSENT : (long) pages << PAGE_SHIFT;
        }
        return sample;
    }

    private int slot(long number) {
        return (int) (number % capacity) * row;
    }
}
