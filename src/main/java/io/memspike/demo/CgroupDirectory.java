package io.memspike.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The directory of one cgroup: there while the cgroup is online, with its files as they stand. */
final class CgroupDirectory implements Closeable {
    private static final String ALL_CONTROLLERS = "cpuset cpu io memory hugetlb pids rdma misc\n";
    private static final String SOME_CONTROLLERS = "cpu memory pids\n";
    private static final byte[] SUBTREE_CONTROL = SOME_CONTROLLERS.getBytes(StandardCharsets.US_ASCII);
    private static final String UNLIMITED = "max\n";

    private final Cgroup cgroup;
    private final Path path;
    private final List<Path> fixedFiles = new ArrayList<>();
    private final List<LiveFile> liveFiles = new ArrayList<>();
    private @Nullable LiveFile pressure;
    private @Nullable FileChannel removed;

    CgroupDirectory(Cgroup cgroup, Path path) {
        this.cgroup = cgroup;
        this.path = path;
    }

    /** Makes, rewrites or removes what changed; memory.pressure only if asked for, as it moves no faster in a kernel. */
    void sync(Text text, boolean withPressure) throws IOException {
        if (!cgroup.online()) {
            if (!liveFiles.isEmpty()) {
                remove();
            }
        } else if (liveFiles.isEmpty()) {
            create(text);
        } else {
            for (int i = 0; i < liveFiles.size(); i++) {
                liveFiles.get(i).update(text);
            }
            if (withPressure && pressure != null) {
                pressure.update(text);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (LiveFile file : liveFiles) {
            file.close();
        }
        if (pressure != null) {
            pressure.close();
        }
        forgetRemoved();
    }

    /**
     * The order of the live files is that of their rewriting: memory.stat before memory.current, so that the reader
     * who sees a jump finds its anatomy. And memory.current is made last: where it is, all the others are.
     */
    private void create(Text text) throws IOException {
        Files.createDirectory(path);
        forgetRemoved();
        Cgroup parent = cgroup.parent();
        fix("cgroup.controllers", parent == null ? ALL_CONTROLLERS : SOME_CONTROLLERS);
        if (parent != null) {
            fix("memory.max", cgroup.max() == Cgroup.UNLIMITED ? UNLIMITED : cgroup.max() + "\n");
            fix("memory.high", UNLIMITED);
            fix("memory.oom.group", cgroup.hasGroupOom() ? "1\n" : "0\n");
            fix("memory.swap.current", "0\n");
            // The kubelet keeps its containers from swapping by this.
            fix("memory.swap.max", cgroup.hasGroupOom() ? "0\n" : UNLIMITED);
        }
        Tasks tasks = cgroup.tasks();
        pressure = new LiveFile(
                path.resolve("memory.pressure"), cgroup.pressure()::version, cgroup.pressure()::appendTo, text);
        live("cgroup.subtree_control", cgroup::childrenMade, this::appendSubtreeControlTo, text);
        live("cgroup.procs", tasks::version, tasks::appendProcsTo, text);
        live("memory.stat", cgroup.stat()::version, cgroup.stat()::appendTo, text);
        if (parent != null) {
            live("cgroup.events", tasks::version, tasks::appendEventsTo, text);
            live("memory.events", cgroup.events()::version, cgroup.events()::appendTo, text);
            live("memory.peak", cgroup::peak, line -> line.put(cgroup.peak()).newline(), text);
            live(
                    "memory.current",
                    cgroup::current,
                    line -> line.put(cgroup.current()).newline(),
                    text);
            parent.childMade();
        }
    }

    /** The controllers of the children; a cgroup without children has none to control. */
    private void appendSubtreeControlTo(Text line) {
        if (!cgroup.children().isEmpty()) {
            line.put(SUBTREE_CONTROL);
        }
    }

    private void fix(String name, String content) throws IOException {
        Path file = path.resolve(name);
        Files.writeString(file, content);
        fixedFiles.add(file);
    }

    private void live(String name, LongSupplier version, Consumer<Text> content, Text text) throws IOException {
        liveFiles.add(new LiveFile(path.resolve(name), version, content, text));
    }

    private void remove() throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            // Held open until it is made again, so that the new directory does not get its inode number.
            removed = FileChannel.open(path, StandardOpenOption.READ);
        }
        for (LiveFile file : liveFiles) {
            file.delete();
        }
        liveFiles.clear();
        if (pressure != null) {
            pressure.delete();
        }
        for (Path file : fixedFiles) {
            Files.deleteIfExists(file);
        }
        fixedFiles.clear();
        Files.deleteIfExists(path);
    }

    private void forgetRemoved() throws IOException {
        if (removed != null) {
            removed.close();
            removed = null;
        }
    }
}
