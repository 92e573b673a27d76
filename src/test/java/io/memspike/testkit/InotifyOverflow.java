package io.memspike.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the kernel lose inotify events, by more of them than its queue takes. */
public final class InotifyOverflow {
    private InotifyOverflow() {}

    /** Writes to two files of a watched directory by turns: the kernel merges an event with the same one before it. */
    public static void provoke(Path dir) throws IOException {
        int most = queueLength();
        try (FileChannel a = FileChannel.open(dir.resolve("a"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileChannel b =
                        FileChannel.open(dir.resolve("b"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i <= most; i++) {
                (i % 2 == 0 ? a : b).write(ByteBuffer.allocate(1), 0);
            }
        }
    }

    // Not by Files.readString, which begins with one byte: a file of /proc/sys has nothing more for a second read.
    private static int queueLength() throws IOException {
        byte[] text = new byte[32];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/fs/inotify/max_queued_events"))) {
            return Integer.parseInt(new String(text, 0, in.read(text), StandardCharsets.US_ASCII).strip());
        }
    }
}
