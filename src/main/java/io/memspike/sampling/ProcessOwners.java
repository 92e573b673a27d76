package io.memspike.sampling;

import io.memspike.cgroup.Value;
import io.memspike.pod.CgroupName;
import io.memspike.process.Workloads;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose processes are which. A container's are known by the id in their cgroup's path, wherever the reader's cgroup
 * namespace begins; those of other cgroups by the path, which is relative to it: a service that the reader's own path
 * hides ({@code /../x.service}) is found by its end.
 *
 * <p>Owned by the thread that looks at processes.
 */
public final class ProcessOwners implements Workloads {
    private static final String UP = "/..";

    private final Supplier<List<Container>> containers;
    private final Map<String, Container> owners = new HashMap<>();
    private List<Container> known = List.of();
    private final long[] row = new long[Field.COUNT];

    /** @param containers that are exposed now */
    public ProcessOwners(Supplier<List<Container>> containers) {
        this.containers = containers;
    }

    @Override
    public List<Container> riskiestFirst() {
        Map<Container, Double> risk = new HashMap<>();
        for (Container container : containers.get()) {
            if (container.history() != null) {
                risk.put(container, risk(container));
            }
        }
        return risk.keySet().stream()
                .sorted(Comparator.comparing((Container container) -> risk.getOrDefault(container, 0.0))
                        .reversed())
                .toList();
    }

    /** The share of its limit that can't be reclaimed; below 0, and the larger the higher, without a limit. */
    private double risk(Container container) {
        container.copyTo(row, 0);
        long unreclaimable = row[Field.UNRECLAIMABLE.ordinal()];
        long headroom = row[Field.HEADROOM.ordinal()];
        if (unreclaimable == Value.ABSENT) {
            return Double.NEGATIVE_INFINITY;
        }
        return headroom == Value.ABSENT
                ? -1.0 / Math.max(1, unreclaimable)
                : (double) unreclaimable / Math.max(1, unreclaimable + headroom);
    }

    @Override
    public @Nullable Container of(String path) {
        CgroupName name = CgroupName.of(path);
        if (name.kind() == CgroupName.Kind.HELPER || path.equals("/")) {
            return null;
        }
        learn(containers.get());
        String plain = path;
        while (plain.startsWith(UP + "/")) {
            plain = plain.substring(UP.length());
        }
        Container owner = owners.get(key(plain, name));
        return owner != null || plain.equals(path) || name.containerId() != null ? owner : byEnd(plain);
    }

    /** The list is another one whenever something in it has changed. */
    private void learn(List<Container> now) {
        if (now == known) {
            return;
        }
        known = now;
        owners.clear();
        for (Container container : now) {
            owners.put(key(container.about().path(), container.about().cgroup()), container);
        }
    }

    private @Nullable Container byEnd(String path) {
        Container found = null;
        for (Map.Entry<String, Container> owner : owners.entrySet()) {
            if (owner.getKey().endsWith(path)) {
                if (found != null) {
                    return null;
                }
                found = owner.getValue();
            }
        }
        return found;
    }

    private static String key(String path, CgroupName name) {
        return name.containerId() == null ? path : name.containerId();
    }
}
