package io.memspike.oom;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg). Behind the text there may be lines
 * {@code  KEY=value} of a device, which are left out.
 *
 * <pre>
 * 6,1234,5140900,-;Out of memory: Killed process 173 (tool) ...
 * </pre>
 *
 * @param usec of the clock of the kernel's log: microseconds since boot, not counting suspended time
 * @param fromKernel not written by a process; those can choose every facility but the kernel's
 * @param continues a message that another one came between
 * @param text printable ASCII; other bytes, and the backslash, as {@code \xNN}
 */
record KernelMessage(long usec, boolean fromKernel, boolean continues, String text) {
    /** Priority and facility: the lower three bits are the priority, and facility 0 is the kernel. */
    private static final int USER_FACILITY = 1 << 3;

    // More fields may come before the semicolon: caller=T123 (CONFIG_PRINTK_CALLER).
    private static final Pattern RECORD =
            Pattern.compile("(\\d{1,9}),\\d+,(\\d{1,18}),([-c])(?:,[^;\\n]*)?;([^\\n]*)(?:\\n.*)?", Pattern.DOTALL);

    private static final Pattern ESCAPED = Pattern.compile("\\\\x([0-9a-f]{2})");

    /** What one read(2) gave; null when that isn't a record. */
    static @Nullable KernelMessage parse(byte[] bytes, int length) {
        Matcher record = RECORD.matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
        return record.matches()
                ? new KernelMessage(
                        Long.parseLong(record.group(2)),
                        Integer.parseInt(record.group(1)) < USER_FACILITY,
                        record.group(3).equals("c"),
                        record.group(4))
                : null;
    }

    /** The bytes that the kernel wrote as {@code \xNN}, as UTF-8; what isn't UTF-8 becomes U+FFFD. */
    static String unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        Matcher escaped = ESCAPED.matcher(text);
        int at = 0;
        while (escaped.find()) {
            bytes.writeBytes(text.substring(at, escaped.start()).getBytes(StandardCharsets.ISO_8859_1));
            bytes.write(Integer.parseInt(escaped.group(1), 16));
            at = escaped.end();
        }
        bytes.writeBytes(text.substring(at).getBytes(StandardCharsets.ISO_8859_1));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
