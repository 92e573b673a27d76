package io.memspike.jar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A fixture's tree, cgroup/ and proc/, or a copy of one to change. */
record Node(Path path) {
    static final Path FIXTURES = Path.of("test-fixtures");
    static final Path K8S = FIXTURES.resolve("host/k8s-systemd-6.12");
    /** A small one: two services below system.slice. */
    static final Path SMALL = FIXTURES.resolve("oddity/none");

    static final String ODD = "/system.slice/odd.service";
    static final String CALM = "/system.slice/calm.service";

    /** The folders of one kind: host or oddity. */
    static List<Path> all(String kind) {
        try (Stream<Path> folders = Files.list(FIXTURES.resolve(kind))) {
            return folders.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a fixture, readable for every user. */
    static Node copy(Path fixture, Path to) throws IOException {
        for (String part : List.of("cgroup", "proc")) {
            copyTree(fixture.resolve(part), to.resolve(part));
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Node(to);
    }

    /** A directory below cgroup/, by its name as the kernel has it. */
    Path cgroup(String name) {
        return path.resolve("cgroup" + name);
    }

    /** Makes a cgroup with the files of another. */
    void make(String like, String name) throws IOException {
        copyTree(cgroup(like), cgroup(name));
    }

    /** Removes a cgroup with all that is below it. */
    void remove(String name) throws IOException {
        try (Stream<Path> tree = Files.walk(cgroup(name))) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    void write(String cgroup, String file, String content) throws IOException {
        Files.writeString(cgroup(cgroup).resolve(file), content);
    }

    /** Copies memory.current last: where that is, the kernel has all the others. */
    static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path each : tree.sorted(Comparator.comparing(file -> file.endsWith("memory.current")))
                    .toList()) {
                Path target = to.resolve(from.relativize(each).toString());
                if (Files.isDirectory(each)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(each, target);
                }
            }
        }
    }
}
