package io.memspike.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * Where a kernel file is read into, and parsed from; reused for every read of its owner thread. The direct buffer is
 * what the system call fills without a copy by the JVM, the array is what the parsers scan (the copy between the two
 * costs 2–5 % of a memory.stat read, and array access is far cheaper than buffer access).
 */
public final class ReadBuffer {
    /** No memory file of any kernel comes near this; a file that passes it is broken, not large. */
    static final int LARGEST = 1 << 20;

    /** Up to here, a byte at a time is faster than what the JVM does before it copies a block. */
    private static final int SHORT = 24;

    private ByteBuffer direct = ByteBuffer.allocateDirect(4096);
    private long address = addressOf(direct);
    private byte[] bytes = new byte[4096];
    private int length;

    /** The content of the last read; only the first {@link #length()} bytes count. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    int capacity() {
        return bytes.length;
    }

    /** Where the C library may write {@link #capacity()} bytes; 0 where there is none. */
    long address() {
        return address;
    }

    ByteBuffer cleared() {
        return direct.clear();
    }

    void filled(int count) {
        length = count;
        if (count > SHORT) {
            direct.get(0, bytes, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            bytes[i] = direct.get(i);
        }
    }

    /** Makes room for twice as much; false when that would pass {@link #LARGEST}. */
    boolean grow() {
        int larger = direct.capacity() * 2;
        if (larger > LARGEST) {
            return false;
        }
        direct = ByteBuffer.allocateDirect(larger);
        address = addressOf(direct);
        bytes = new byte[larger];
        return true;
    }

    private static long addressOf(ByteBuffer buffer) {
        return Libc.available() ? Pointer.nativeValue(Native.getDirectBufferPointer(buffer)) : 0;
    }
}
