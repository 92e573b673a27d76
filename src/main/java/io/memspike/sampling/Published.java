package io.memspike.sampling;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of longs that one thread writes and any other copies, consistent as a whole, without a lock: a sequence lock.
 * The writer never waits; a reader that meets a write copies again.
 */
final class Published {
    private static final VarHandle VALUE = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle SEQUENCE;

    static {
        try {
            SEQUENCE = MethodHandles.lookup().findVarHandle(Published.class, "sequence", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] values;

    @SuppressWarnings("unused") // by SEQUENCE
    private int sequence;

    Published(int size) {
        values = new long[size];
    }

    /** The owner only. */
    void write(long[] from) {
        int before = (int) SEQUENCE.getOpaque(this);
        SEQUENCE.setOpaque(this, before + 1);
        VarHandle.storeStoreFence();
        for (int i = 0; i < values.length; i++) {
            VALUE.setOpaque(values, i, from[i]);
        }
        SEQUENCE.setRelease(this, before + 2);
    }

    void copyTo(long[] into, int offset) {
        for (; ; ) {
            int before = (int) SEQUENCE.getAcquire(this);
            for (int i = 0; i < values.length; i++) {
                into[offset + i] = (long) VALUE.getOpaque(values, i);
            }
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && (int) SEQUENCE.getOpaque(this) == before) {
                return;
            }
            Thread.onSpinWait();
        }
    }
}
