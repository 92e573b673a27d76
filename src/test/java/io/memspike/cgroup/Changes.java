package io.memspike.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a tree tells: {@code +} appeared, {@code -} vanished, {@code m} memory, {@code d} memory no more, {@code e} events, {@code p}
 * populated. */
final class Changes implements CgroupTree.Listener {
    final List<String> seen = new ArrayList<>();
    final List<CgroupDir> appeared = new ArrayList<>();

    @Override
    public void appeared(CgroupDir dir) {
        seen.add("+" + dir.name());
        appeared.add(dir);
    }

    @Override
    public void vanished(CgroupDir dir) {
        seen.add("-" + dir.name());
    }

    @Override
    public void memoryEnabled(CgroupDir dir) {
        seen.add("m" + dir.name());
    }

    @Override
    public void memoryDisabled(CgroupDir dir) {
        seen.add("d" + dir.name());
    }

    @Override
    public void eventsModified(CgroupDir dir) {
        seen.add("e" + dir.name());
    }

    @Override
    public void populatedModified(CgroupDir dir) {
        seen.add("p" + dir.name());
    }

    @Override
    public void failed(Path path, IOException why) {
        seen.add("!" + path);
    }

    /** What was told since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(seen);
        seen.clear();
        return taken;
    }
}
