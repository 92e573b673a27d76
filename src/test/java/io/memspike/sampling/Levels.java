package io.memspike.sampling;

import io.memspike.cgroup.Cgroup;
import io.memspike.cgroup.CgroupDir;
import io.memspike.cgroup.CgroupTree;
import io.memspike.pod.CgroupName;
import io.memspike.pod.Names;
import io.memspike.testkit.CgroupFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes levels of a tree of ordinary files, as the roster would. */
final class Levels {
    static final History.Size HISTORY = new History.Size(10, 10);
    static final String POD = "/kubepods/burstable/podd0970148-dac4-5119-a876-c5f706dbcae4";

    final CgroupFiles files;
    private final Path root;

    Levels(Path root) {
        this.root = root;
        files = new CgroupFiles(root);
    }

    /** Of containers that nobody names. */
    static Population population() {
        return new Population(60, HISTORY, nameless());
    }

    static Naming nameless() {
        return new Naming(Names.none(), Naming.Filter.NONE);
    }

    /** The path of the nth container of {@link #POD}. */
    static String container(int n) {
        return POD + "/" + "%064x".formatted(n);
    }

    Level workload(String path, @Nullable Level parent, boolean fresh) {
        return level(path, Level.Kind.WORKLOAD, parent, fresh);
    }

    Level pod(@Nullable Level parent, boolean fresh) {
        return level(POD, Level.Kind.POD, parent, fresh);
    }

    Level ancestor(String path, @Nullable Level parent) {
        return level(path, Level.Kind.ANCESTOR, parent, false);
    }

    /** Makes the directory with its files when there is none yet. */
    Level level(String path, Level.Kind kind, @Nullable Level parent, boolean fresh) {
        if (!files.path(path).toFile().exists()) {
            files.make(path);
        }
        return new Level(Cgroup.open(dir(path), kind.sources), kind, CgroupName.of(path), parent, fresh);
    }

    private CgroupDir dir(String path) {
        Map<String, CgroupDir> found = new HashMap<>();
        new CgroupTree(root, null, new CgroupTree.Listener() {
                    @Override
                    public void appeared(CgroupDir dir) {
                        found.put(dir.name(), dir);
                    }

                    @Override
                    public void vanished(CgroupDir dir) {}

                    @Override
                    public void memoryEnabled(CgroupDir dir) {}

                    @Override
                    public void memoryDisabled(CgroupDir dir) {}

                    @Override
                    public void eventsModified(CgroupDir dir) {}

                    @Override
                    public void populatedModified(CgroupDir dir) {}

                    @Override
                    public void failed(Path failed, IOException why) {}
                })
                .walk();
        return found.get(path);
    }
}
