package io.memspike.sampling;

import io.memspike.cgroup.Cgroup;
import io.memspike.cgroup.CgroupDir;
import io.memspike.cgroup.CgroupTree;
import io.memspike.linux.Outcome;
import io.memspike.pod.CgroupName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says what each cgroup is to us, and hands the sampler its levels with their files open. A workload is a container,
 * or outside Kubernetes a cgroup as fine as the kernel accounts: one without children that have the memory controller.
 *
 * <p>Owned by the discovery thread.
 */
final class Roster implements CgroupTree.Listener {
    private final Sampler sampler;
    private final SourceErrors errors;
    private final Heartbeat heartbeat;
    private final Map<CgroupDir, Level> levels = new HashMap<>();

    Roster(Sampler sampler, SourceErrors errors, Heartbeat heartbeat) {
        this.sampler = sampler;
        this.errors = errors;
        this.heartbeat = heartbeat;
    }

    @Override
    public void appeared(CgroupDir dir) {
        heartbeat.at(dir.name());
        if (dir.hasMemory()) {
            reconsider(dir.parent());
            Level.Kind kind = kindOf(dir, CgroupName.of(dir.name()));
            if (kind != null && !levels.containsKey(dir)) {
                add(dir, kind, dir.isFresh());
            }
        }
        heartbeat.beat();
    }

    @Override
    public void memoryEnabled(CgroupDir dir) {
        appeared(dir);
    }

    @Override
    public void memoryDisabled(CgroupDir dir) {
        vanished(dir);
    }

    @Override
    public void vanished(CgroupDir dir) {
        Level level = levels.remove(dir);
        if (level != null) {
            sampler.removed(level);
        }
        reconsider(dir.parent());
    }

    @Override
    public void eventsModified(CgroupDir dir) {
        Level level = levels.get(dir);
        if (level != null) {
            level.eventsModified = true;
        }
    }

    @Override
    public void populatedModified(CgroupDir dir) {
        Level level = levels.get(dir);
        if (level != null) {
            level.hadProcess = true;
        }
    }

    @Override
    public void failed(Path path, IOException why) {
        errors.count(SourceErrors.Other.TREE, Outcome.FAILED, () -> path + ": " + why.getMessage());
    }

    /** A plain cgroup turns from a workload into an ancestor by its first child, and back by its last. */
    private void reconsider(@Nullable CgroupDir dir) {
        Level level = dir == null ? null : levels.get(dir);
        if (dir == null || level == null || level.name.kind() != CgroupName.Kind.OTHER) {
            return;
        }
        Level.Kind kind = dir.hasChildWithMemory() ? Level.Kind.ANCESTOR : Level.Kind.WORKLOAD;
        if (kind != level.kind) {
            levels.remove(dir);
            sampler.release(level);
            add(dir, kind, false);
        }
    }

    private static Level.@Nullable Kind kindOf(CgroupDir dir, CgroupName name) {
        return switch (name.kind()) {
            case CONTAINER -> Level.Kind.WORKLOAD;
            case POD -> Level.Kind.POD;
            case INSIDE_CONTAINER, HELPER -> null;
            case OTHER -> dir.hasChildWithMemory() ? Level.Kind.ANCESTOR : Level.Kind.WORKLOAD;
        };
    }

    private Level add(CgroupDir dir, Level.Kind kind, boolean fresh) {
        Level parent = levelAbove(dir);
        Level level = new Level(Cgroup.open(dir, kind.sources), kind, CgroupName.of(dir.name()), parent, fresh);
        for (Level up = parent; up != null; up = up.parent) {
            up.outer |= up.kind == Level.Kind.WORKLOAD;
        }
        levels.put(dir, level);
        sampler.add(level);
        return level;
    }

    private @Nullable Level levelAbove(CgroupDir dir) {
        CgroupDir parent = dir.parent();
        if (parent == null || !parent.hasMemory()) {
            return null;
        }
        Level known = levels.get(parent);
        return known != null ? known : add(parent, Level.Kind.ANCESTOR, parent.isFresh());
    }
}
