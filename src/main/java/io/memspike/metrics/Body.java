package io.memspike.metrics;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The text of one response, in chunks that are kept and filled again by the next. A fresh array of two megabytes a
 * scrape would make the heap, and so the process, half as large again.
 *
 * <p>Owned by whoever took it from the {@link BodyPool}.
 */
public final class Body {
    private static final int CHUNK = 64 * 1024;
    /** 19 digits, a sign and a point. */
    private static final int LONGEST_NUMBER = 21;

    private final List<byte[]> chunks = new ArrayList<>();
    private final byte[] digits = new byte[LONGEST_NUMBER];
    private byte[] chunk;
    private int index;
    private int position;

    Body() {
        chunk = new byte[CHUNK];
        chunks.add(chunk);
    }

    /** How many chunks are filled, the last in part. */
    public int chunks() {
        return index + 1;
    }

    /** One of the chunks; valid until the body goes back to its pool. */
    public byte[] chunk(int which) {
        return chunks.get(which);
    }

    public int length(int which) {
        return which == index ? position : CHUNK;
    }

    public long length() {
        return (long) index * CHUNK + position;
    }

    void clear() {
        index = 0;
        position = 0;
        chunk = chunks.get(0);
    }

    void put(int one) {
        if (position == CHUNK) {
            next();
        }
        chunk[position++] = (byte) one;
    }

    void put(byte[] from) {
        put(from, 0, from.length);
    }

    void put(byte[] from, int offset, int length) {
        int at = offset;
        int left = length;
        while (left > 0) {
            if (position == CHUNK) {
                next();
            }
            int part = Math.min(left, CHUNK - position);
            System.arraycopy(from, at, chunk, position, part);
            position += part;
            at += part;
            left -= part;
        }
    }

    /** Writes value / 10^decimals exactly, without an object: 1500000 with 6 decimals is 1.5. */
    void put(long value, int decimals) {
        int at = LONGEST_NUMBER;
        int places = decimals;
        // Negative throughout: the smallest long has no positive counterpart.
        long rest = value < 0 ? value : -value;
        boolean fraction = false;
        do {
            long digit = -(rest % 10);
            rest /= 10;
            if (places > 0) {
                places--;
                fraction |= digit != 0;
                if (fraction) {
                    digits[--at] = (byte) ('0' + digit);
                }
                if (places == 0 && fraction) {
                    digits[--at] = '.';
                }
                if (places == 0 && rest == 0) {
                    digits[--at] = '0';
                }
            } else {
                digits[--at] = (byte) ('0' + digit);
            }
        } while (rest < 0 || places > 0);
        if (value < 0) {
            digits[--at] = '-';
        }
        put(digits, at, LONGEST_NUMBER - at);
    }

    private void next() {
        index++;
        if (index == chunks.size()) {
            chunks.add(new byte[CHUNK]);
        }
        chunk = chunks.get(index);
        position = 0;
    }

    /** The whole as text; for tests. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunks(); i++) {
            text.append(new String(chunk(i), 0, length(i), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
