package io.memspike.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the files of one cgroup directory as a person would: the simulated node is checked by another's eyes. */
record CgroupFiles(Path directory) {
    /** The directories of a whole tree, parents first. */
    static List<CgroupFiles> all(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isDirectory).map(CgroupFiles::new).toList();
        }
    }

    static CgroupFiles burstablePod(Path root, String name) {
        String parent = "kubepods-burstable.slice";
        return new CgroupFiles(
                root.resolve("kubepods.slice").resolve(parent).resolve(KubeletNames.podSlice(parent, name)));
    }

    CgroupFiles container(String name) {
        return new CgroupFiles(directory.resolve(KubeletNames.scope(name)));
    }

    List<CgroupFiles> children() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(Files::isDirectory).map(CgroupFiles::new).toList();
        }
    }

    boolean has(String file) {
        return Files.exists(directory.resolve(file));
    }

    String text(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    long number(String file) throws IOException {
        return Long.parseLong(text(file).strip());
    }

    /** The limit in bytes; {@link Long#MAX_VALUE} for none. */
    long max() throws IOException {
        String max = text("memory.max").strip();
        return max.equals("max") ? Long.MAX_VALUE : Long.parseLong(max);
    }

    /** A file of lines {@code key value}, in its order. */
    Map<String, Long> keyed(String file) throws IOException {
        Map<String, Long> values = new LinkedHashMap<>();
        for (String line : text(file).lines().toList()) {
            int space = line.indexOf(' ');
            values.put(line.substring(0, space), Long.valueOf(line.substring(space + 1)));
        }
        return values;
    }

    long stat(String key) throws IOException {
        return keyed("memory.stat").get(key);
    }

    long events(String key) throws IOException {
        return keyed("memory.events").get(key);
    }

    /** Microseconds in which some task was stalled. */
    long someStalled() throws IOException {
        return stalled("some");
    }

    /** Microseconds in which all tasks were stalled. */
    long fullStalled() throws IOException {
        return stalled("full");
    }

    private long stalled(String line) throws IOException {
        String found = text("memory.pressure")
                .lines()
                .filter(text -> text.startsWith(line + " "))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(found.substring(found.lastIndexOf("total=") + "total=".length()));
    }
}
