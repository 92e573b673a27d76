package io.memspike.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a directory is the root of a cgroup v2 tree with the memory controller, and if not, why. */
public final class CgroupRoot {
    private static final String CONTROLLERS = "cgroup.controllers";

    private CgroupRoot() {}

    /** Null when memory can be sampled below this directory; otherwise what is missing, as half a sentence. */
    public static @Nullable String whyUnsuitable(Path root) {
        try {
            List<String> controllers =
                    List.of(Files.readString(root.resolve(CONTROLLERS)).trim().split(" ", -1));
            return controllers.contains("memory")
                    ? null
                    : root + " is cgroup v2 without the memory controller (cgroup.controllers: "
                            + String.join(" ", controllers) + ")";
        } catch (IOException e) {
            return otherLayout(root);
        }
    }

    /**
     * Null, or a warning in a sentence: the files are those of cgroup v2, but not of the whole node. Only the node's
     * root has no memory.current.
     */
    public static @Nullable String whyNotWhole(Path root) {
        return Files.exists(root.resolve(Source.CURRENT.file()))
                ? root + " is a container's own part of the tree, not the node's: mount the node's /sys/fs/cgroup and "
                        + "name it by --path.cgroupfs"
                : null;
    }

    private static String otherLayout(Path root) {
        if (Files.exists(root.resolve("unified").resolve(CONTROLLERS))) {
            return root + " is a hybrid of cgroup v1 and v2, and its memory controller is on v1";
        }
        if (Files.exists(root.resolve("memory"))) {
            return root + " is cgroup v1";
        }
        return root + " is no cgroup v2 file system (it has no readable " + CONTROLLERS + ")";
    }
}
