package io.memspike.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A cgroup v2 tree of ordinary files, to be changed by hand. Any directory made is a cgroup with the controller. */
public final class CgroupFiles {
    private final Path root;

    public CgroupFiles(Path root) {
        this.root = root;
    }

    public Path path(String cgroup) {
        return root.resolve(cgroup.substring(1));
    }

    /** Makes a directory without the memory controller, and any parents. */
    public CgroupFiles mkdir(String cgroup) {
        return run(() -> Files.createDirectories(path(cgroup)));
    }

    /** Makes a cgroup with every file, all at rest, and no limit. */
    public CgroupFiles make(String cgroup) {
        mkdir(cgroup);
        write(cgroup, "memory.current", "0\n");
        stat(cgroup, "anon", 0);
        events(cgroup, 0, 0, 0, 0);
        pressure(cgroup, 0, 0);
        write(cgroup, "memory.max", "max\n");
        write(cgroup, "memory.peak", "0\n");
        write(cgroup, "memory.swap.current", "0\n");
        write(cgroup, "memory.swap.max", "max\n");
        write(cgroup, "memory.oom.group", "0\n");
        return write(cgroup, "cgroup.events", "populated 1\nfrozen 0\n");
    }

    public CgroupFiles current(String cgroup, long bytes) {
        return write(cgroup, "memory.current", bytes + "\n");
    }

    public CgroupFiles max(String cgroup, long bytes) {
        return write(cgroup, "memory.max", bytes + "\n");
    }

    /** memory.stat with this one key set, and all others 0. */
    public CgroupFiles stat(String cgroup, String key, long value) {
        StringBuilder text = new StringBuilder();
        List<String> keys = List.of(
                ("anon file kernel sock shmem file_dirty file_writeback inactive_anon active_anon inactive_file "
                                + "active_file unevictable slab_reclaimable slab_unreclaimable pgfault pgmajfault")
                        .split(" ", -1));
        keys.forEach(each -> text.append(each)
                .append(' ')
                .append(each.equals(key) ? value : 0)
                .append('\n'));
        return write(cgroup, "memory.stat", text.toString());
    }

    public CgroupFiles events(String cgroup, long high, long max, long kills, long groupKills) {
        String text = "low 0\nhigh %d\nmax %d\noom 0\noom_kill %d\noom_group_kill %d\n";
        return write(cgroup, "memory.events", text.formatted(high, max, kills, groupKills));
    }

    public CgroupFiles pressure(String cgroup, long some, long full) {
        String averages = " avg10=0.00 avg60=0.00 avg300=0.00 total=";
        return write(cgroup, "memory.pressure", "some" + averages + some + "\nfull" + averages + full + "\n");
    }

    public CgroupFiles write(String cgroup, String file, String text) {
        return run(() -> Files.writeString(path(cgroup).resolve(file), text));
    }

    public CgroupFiles delete(String cgroup, String file) {
        return run(() -> Files.delete(path(cgroup).resolve(file)));
    }

    /** Removes a cgroup and all below it. */
    public CgroupFiles remove(String cgroup) {
        return run(() -> {
            try (var all = Files.walk(path(cgroup))) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        });
    }

    /** The same path in another life: surely with another inode, which an ordinary file system may use again. */
    public CgroupFiles remake(String cgroup) {
        Path next = path(cgroup).resolveSibling(path(cgroup).getFileName() + ".next");
        return run(() -> Files.createDirectory(next)).remove(cgroup).run(() -> Files.move(next, path(cgroup)));
    }

    private interface Action {
        void run() throws IOException;
    }

    private CgroupFiles run(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
