package io.memspike.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A file that is rewritten in place, so that whoever holds it open reads the new content at offset 0, as with a kernel
 * file. A read in the middle of a rewrite may see some of both contents, which the kernel would not let happen; readers
 * take it for malformed.
 */
final class LiveFile implements Closeable {
    private final Path path;
    private final LongSupplier version;
    private final Consumer<Text> content;
    private final FileChannel channel;
    private long writtenVersion;
    private int writtenLength;

    /** Makes the file; {@code version} differs from what it was when {@code content} does. */
    LiveFile(Path path, LongSupplier version, Consumer<Text> content, Text text) throws IOException {
        this.path = path;
        this.version = version;
        this.content = content;
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        write(text);
    }

    void update(Text text) throws IOException {
        if (version.getAsLong() != writtenVersion) {
            write(text);
        }
    }

    /** Removes the file. Who holds it open keeps reading its last content, where a kernel would say ENODEV. */
    void delete() throws IOException {
        close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void write(Text text) throws IOException {
        writtenVersion = version.getAsLong();
        content.accept(text.clear());
        ByteBuffer bytes = text.toBuffer();
        int length = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
            if (length < writtenLength) {
                channel.truncate(length);
            }
        } catch (IOException e) {
            // The channel's own message does not say which file.
            throw new IOException(path + ": " + e.getMessage(), e);
        }
        writtenLength = length;
    }
}
