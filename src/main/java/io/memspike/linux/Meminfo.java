package io.memspike.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The free swap of the node, from /proc/meminfo (proc_meminfo(5)).
 *
 * <pre>
 * SwapFree:        1048576 kB
 * </pre>
 *
 * Allocates nothing. Owned by one thread.
 */
public final class Meminfo implements AutoCloseable {
    private static final byte[] SWAP_FREE = "\nSwapFree:".getBytes(StandardCharsets.US_ASCII);

    /** More kilobytes than these digits hold aren't a long of bytes. */
    private static final int MOST_DIGITS = 15;

    /** What {@link #swapFreeBytes()} is before the first good read. */
    public static final long UNKNOWN = -1;

    private final KernelFile file;
    private final ReadBuffer buffer = new ReadBuffer();
    private long swapFreeBytes = UNKNOWN;

    public Meminfo(java.nio.file.Path procfs) {
        file = KernelFile.open(procfs, "meminfo");
    }

    /** Reads the file; {@link #swapFreeBytes()} changes only when the outcome is OK. */
    public Outcome read() {
        Outcome outcome = file.read(buffer);
        if (outcome != Outcome.OK) {
            return outcome;
        }
        long kilobytes = parse(buffer.bytes(), buffer.length());
        if (kilobytes < 0) {
            return Outcome.MALFORMED;
        }
        swapFreeBytes = kilobytes * 1024;
        return Outcome.OK;
    }

    /** Bytes of swap that nobody uses, at the last good read; {@link #UNKNOWN} before it. */
    public long swapFreeBytes() {
        return swapFreeBytes;
    }

    public String failure() {
        return String.valueOf(file.failure());
    }

    /** The kB of the line SwapFree, or -1 when there is none or it isn't in the kernel's form. */
    static long parse(byte[] text, int length) {
        for (int line = 0; line + SWAP_FREE.length < length; line++) {
            if (Arrays.equals(text, line, line + SWAP_FREE.length, SWAP_FREE, 0, SWAP_FREE.length)) {
                return kilobytes(text, line + SWAP_FREE.length, length);
            }
        }
        return -1;
    }

    private static long kilobytes(byte[] text, int from, int length) {
        int at = from;
        while (at < length && text[at] == ' ') {
            at++;
        }
        int digits = at;
        long number = 0;
        while (at < length && at - digits < MOST_DIGITS && text[at] >= '0' && text[at] <= '9') {
            number = number * 10 + (text[at++] - '0');
        }
        boolean kernelsForm = at > digits
                && at + 3 < length
                && text[at] == ' '
                && text[at + 1] == 'k'
                && text[at + 2] == 'B'
                && text[at + 3] == '\n';
        return kernelsForm ? number : -1;
    }

    @Override
    public void close() {
        file.close();
    }
}
