package io.memspike.cgroup;

import io.memspike.linux.Inotify;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tree of cgroups as it is now, and what changes in it: told by inotify within a millisecond, and by a full walk
 * from time to time, which misses nothing. Without inotify the walk alone finds everything, later.
 *
 * <p>Owned by the discovery thread, on which the listener is called too.
 */
public final class CgroupTree {
    /** What happens to cgroups. A parent appears before its children and vanishes after them. */
    public interface Listener {
        void appeared(CgroupDir dir);

        void vanished(CgroupDir dir);

        /** The memory controller was switched on in a cgroup that we knew without it. */
        void memoryEnabled(CgroupDir dir);

        /** The memory controller was switched off in a cgroup that stays. */
        void memoryDisabled(CgroupDir dir);

        /** The kernel says that memory.events has changed. */
        void eventsModified(CgroupDir dir);

        /** The kernel says that the first process came into the cgroup, or the last one went. */
        void populatedModified(CgroupDir dir);

        void failed(Path path, IOException why);
    }

    /** Far beyond any runtime's nesting, and no strain on the stack. */
    private static final int DEEPEST = 64;

    private final Listener listener;
    private final @Nullable Inotify inotify;
    private final CgroupDir root;
    private final Map<Integer, CgroupDir> watched = new HashMap<>();

    private boolean overflowed;
    /** How many directories the last walk could not watch (fs.inotify.max_user_watches). */
    private int unwatched;

    /** @param inotify null to find changes by walking only */
    public CgroupTree(Path root, @Nullable Inotify inotify, Listener listener) {
        this.root = new CgroupDir(root, "/", null, null, 0, false);
        this.inotify = inotify;
        this.listener = listener;
    }

    /** Looks at every directory, and tells the listener of each difference. */
    public void walk() {
        unwatched = 0;
        visit(root);
    }

    /** Waits for changes, at most so long, and tells the listener of them. */
    public void await(int timeoutMillis) throws IOException {
        if (inotify == null) {
            throw new IllegalStateException("nothing to wait for without inotify");
        }
        inotify.poll(timeoutMillis, this::onEvent);
        if (overflowed) {
            overflowed = false;
            walk();
        }
    }

    /** Whether every directory is watched, so that changes are known at once. */
    public boolean isWatching() {
        return inotify != null && root.watch() >= 0 && unwatched == 0;
    }

    private void onEvent(int watch, int mask, String name) {
        if ((mask & Inotify.OVERFLOW) != 0) {
            overflowed = true;
            return;
        }
        CgroupDir dir = watched.get(watch);
        if (dir == null) {
            return;
        }
        if (name.equals(Source.CURRENT.file()) && dir.parent() != null) {
            // The simulated node, unlike the kernel, makes a directory before its files.
            lookForMemory(dir);
        } else if ((mask & (Inotify.CREATE | Inotify.DELETE)) != 0) {
            CgroupDir known = dir.childrenByName().get(name);
            if (known != null || isAscii(name)) {
                look(dir, name, known == null ? dir.path().resolve(name) : known.path());
            } else {
                list(dir);
            }
        } else if (name.equals(Source.EVENTS.file())) {
            listener.eventsModified(dir);
        } else if (name.equals(Source.POPULATED.file())) {
            listener.populatedModified(dir);
        } else if (name.equals("cgroup.subtree_control")) {
            dir.children().forEach(this::lookForMemory);
        }
    }

    private void visit(CgroupDir dir) {
        if (dir.watch() < 0) {
            watch(dir);
        }
        for (CgroupDir child : List.copyOf(dir.children())) {
            look(dir, Objects.requireNonNull(child.path().getFileName()).toString(), child.path());
        }
        // After those that went are taken out: as many may have come.
        if (!hasAsKnown(dir)) {
            list(dir);
        }
        for (CgroupDir child : List.copyOf(dir.children())) {
            lookForMemory(child);
            visit(child);
        }
    }

    /**
     * Any process may name a cgroup in bytes that no string stands for (in the locale C, that is every name which isn't
     * ASCII): only the path that the listing gave leads back to it.
     */
    private void list(CgroupDir dir) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(dir.path(), entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))) {
            entries.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            failed(dir, new IOException(e));
            return;
        } catch (IOException e) {
            failed(dir, e);
            return;
        }
        Map<String, CgroupDir> gone = new HashMap<>(dir.childrenByName());
        for (Path entry : found) {
            String name = Objects.requireNonNull(entry.getFileName()).toString();
            gone.remove(name);
            look(dir, name, entry);
        }
        gone.forEach((name, child) -> look(dir, name, child.path()));
        dir.setListed();
    }

    private void failed(CgroupDir dir, IOException why) {
        if (Files.exists(dir.path())) {
            listener.failed(dir.path(), why);
        }
    }

    /** Compares one entry with what we know under that name. */
    private void look(CgroupDir dir, String name, Path path) {
        CgroupDir known = dir.childrenByName().get(name);
        Attributes seen;
        try {
            seen = Attributes.of(path);
        } catch (IOException e) {
            // It can't be told: what was known stays.
            listener.failed(path, e);
            return;
        }
        if (known != null && seen != null && seen.directory() && Objects.equals(known.identity(), seen.identity())) {
            return;
        }
        if (known != null) {
            dir.childrenByName().remove(name);
            forget(known);
        }
        if (seen != null && seen.directory()) {
            if (dir.depth() == DEEPEST) {
                listener.failed(path, new IOException("nested deeper than " + DEEPEST + " levels"));
                return;
            }
            CgroupDir child = dir.child(name, path, seen.identity(), seen.inode());
            dir.childrenByName().put(name, child);
            child.setMemory(Files.exists(child.path().resolve(Source.CURRENT.file())));
            // Watched before it is listed, so that no grandchild is made unseen between the two.
            watch(child);
            listener.appeared(child);
            list(child);
        }
    }

    /** One stat instead of a listing of some sixty files: a directory has two links and one for each subdirectory. */
    private static boolean hasAsKnown(CgroupDir dir) {
        try {
            Attributes seen = Attributes.of(dir.path());
            return dir.isListed()
                    && seen != null
                    && seen.links() == dir.children().size() + 2;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAscii(String name) {
        return name.chars().allMatch(letter -> letter < 0x80);
    }

    private void lookForMemory(CgroupDir dir) {
        boolean memory = Files.exists(dir.path().resolve(Source.CURRENT.file()));
        if (memory == dir.hasMemory()) {
            return;
        }
        dir.setMemory(memory);
        if (memory) {
            listener.memoryEnabled(dir);
        } else if (Files.exists(dir.path())) {
            listener.memoryDisabled(dir);
        }
    }

    private void watch(CgroupDir dir) {
        if (inotify == null) {
            return;
        }
        try {
            dir.setWatch(inotify.watch(dir.path()));
            watched.put(dir.watch(), dir);
        } catch (IOException e) {
            unwatched += Files.exists(dir.path()) ? 1 : 0;
            failed(dir, e);
        }
    }

    private void forget(CgroupDir dir) {
        new ArrayList<>(dir.children()).forEach(this::forget);
        dir.childrenByName().clear();
        // Up to Linux 7.0 the kernel keeps the watch of a removed cgroup for ever.
        if (inotify != null && dir.watch() >= 0 && watched.remove(dir.watch(), dir)) {
            inotify.unwatch(dir.watch());
        }
        listener.vanished(dir);
    }

    private record Attributes(
            boolean directory, int links, @Nullable Object identity, long inode) {
        /** Null when there is no such entry (any more). */
        static @Nullable Attributes of(Path path) throws IOException {
            try {
                Map<String, Object> unix =
                        Files.readAttributes(path, "unix:nlink,isDirectory,fileKey,ino", LinkOption.NOFOLLOW_LINKS);
                boolean directory = Boolean.TRUE.equals(unix.get("isDirectory"));
                int links = unix.get("nlink") instanceof Integer count ? count : 0;
                long inode = unix.get("ino") instanceof Long number ? number : 0;
                return new Attributes(directory, links, unix.get("fileKey"), inode);
            } catch (UnsupportedOperationException e) {
                return basic(path);
            } catch (IOException e) {
                if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
                    return null;
                }
                throw e;
            }
        }

        /** Not a Unix file system: the simulated node on another operating system. */
        private static @Nullable Attributes basic(Path path) {
            return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? new Attributes(true, 0, null, 0) : null;
        }
    }
}
