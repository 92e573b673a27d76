package io.memspike.demo;

import java.nio.ByteBuffer;

/** The content of one kernel file while it is put together. One instance is reused for every file, so no garbage. */
final class Text {
    /** A memory.stat of 60 lines with the widest numbers stays under 2.7 KB. */
    private static final int CAPACITY = 4096;

    private static final int LONGEST_NUMBER = 20;

    private final byte[] bytes = new byte[CAPACITY];
    private final byte[] digits = new byte[LONGEST_NUMBER];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(CAPACITY);
    private int length;

    Text clear() {
        length = 0;
        return this;
    }

    Text put(byte[] ascii) {
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
        return this;
    }

    Text newline() {
        bytes[length++] = '\n';
        return this;
    }

    /** Appends a number that is not negative: no file of the memory controller holds another. */
    Text put(long value) {
        int at = LONGEST_NUMBER;
        long rest = value;
        do {
            digits[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        System.arraycopy(digits, at, bytes, length, LONGEST_NUMBER - at);
        length += LONGEST_NUMBER - at;
        return this;
    }

    /** Appends hundredths as {@code 12.34}, the only fraction the kernel prints here. */
    Text putHundredths(long hundredths) {
        put(hundredths / 100);
        bytes[length++] = '.';
        bytes[length++] = (byte) ('0' + hundredths / 10 % 10);
        bytes[length++] = (byte) ('0' + hundredths % 10);
        return this;
    }

    /** The content, ready for a channel; valid until the next call of this method. */
    ByteBuffer toBuffer() {
        return direct.clear().put(bytes, 0, length).flip();
    }
}
