package io.memspike.oom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A file for each incident, {@code ID.json}, and while it is being written {@code .ID.json.tmp}. The folder isn't made
 * here: where none was mounted, a new one would be lost with the container.
 */
record IncidentFolder(Path path) {
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,199}";
    private static final Pattern WHOLE_ID = Pattern.compile(ID);
    private static final Pattern LEFT_OVER = Pattern.compile("\\." + ID + "\\.json\\.tmp");

    /** Whether it names a file, on any system, in this folder and no other. */
    static boolean isId(String id) {
        return WHOLE_ID.matcher(id).matches();
    }

    /** Whether incidents can be read and written here, as far as can be told without writing. */
    void check() throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new NotDirectoryException(path.toString());
        }
        path.getFileSystem().provider().checkAccess(path, AccessMode.READ, AccessMode.WRITE, AccessMode.EXECUTE);
    }

    /** Whatever is there, but for what a crash left over of a write, which is removed. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path each : entries) {
                if (!LEFT_OVER.matcher(name(each)).matches()) {
                    files.add(each);
                } else if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    Files.delete(each);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /** The incident of a file, if that is its own. */
    static Incident read(Path file) throws IOException {
        // A FIFO would have no end.
        if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .isRegularFile()) {
            throw new Malformed("no regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            Incident incident = IncidentJson.read(in);
            if (!isId(incident.id()) || !name(file).equals(incident.id() + ".json")) {
                throw new Malformed("an incident whose id isn't the file's name");
            }
            return incident;
        }
    }

    Path file(String id) {
        return path.resolve(id + ".json");
    }

    /** Writes the file such that it is seen whole or not at all, even after a crash. Returns its size in bytes. */
    long write(Incident incident) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        IncidentJson.write(incident, json);
        Path temporary = path.resolve("." + incident.id() + ".json.tmp");
        Files.deleteIfExists(temporary);
        try {
            writeAndSync(temporary, json.toByteArray());
            Files.move(temporary, file(incident.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        try (FileChannel directory = FileChannel.open(path)) {
            directory.force(true);
        }
        return json.size();
    }

    private static void writeAndSync(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    /** In one line and without the file's name, such that the same fault has the same words each time. */
    static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "does not exist";
        }
        if (e instanceof NotDirectoryException) {
            return "is no folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException of ? of.getReason() : e.getMessage();
        return reason == null ? e.getClass().getSimpleName() : printable(reason);
    }

    /** What others wrote, such that it is one line and does nothing to a terminal. */
    static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
