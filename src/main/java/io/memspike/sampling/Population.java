package io.memspike.sampling;

import io.memspike.pod.CgroupName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is being sampled: the levels, parents first, and the containers that they are the lives of. A container outlives
 * its cgroup for a while, and forever if it is made again.
 *
 * <p>Owned by the sampler, but for {@link #exposed}, which anyone may take.
 */
final class Population {
    /** A dead container's series stay this long, so that the spike that killed it is still scraped. */
    static final long KEEP_NANOS = 180_000_000_000L;
    /** A node that makes and ends containers all day must not fill our memory with the dead. */
    static final int MOST_DEAD = 1000;

    private final int windowSeconds;
    private final History.Size history;
    private final List<Level> levels = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final Map<Identity, Container> byIdentity = new HashMap<>();
    private volatile List<Container> exposed = List.of();
    private int exposedCount;

    Population(int windowSeconds, History.Size history) {
        this.windowSeconds = windowSeconds;
        this.history = history;
    }

    /** Parents stand before their children. */
    List<Level> levels() {
        return levels;
    }

    /** The containers that readers see, as of the last {@link #publish}; never changed once it is given out. */
    List<Container> exposed() {
        return exposed;
    }

    void add(Level level) {
        int at = levels.size();
        while (at > 0 && levels.get(at - 1).depth > level.depth) {
            at--;
        }
        levels.add(at, level);
        Identity identity = level.identity;
        if (identity == null) {
            return;
        }
        Container container = byIdentity.get(identity);
        if (container == null) {
            container = new Container(identity, level.cgroup.dir().name(), level.name, windowSeconds);
            container.exposed = level.name.kind() == CgroupName.Kind.CONTAINER;
            byIdentity.put(identity, container);
            containers.add(container);
        }
        level.container = container;
        container.reborn(level, history);
    }

    /** Takes a level out. The container goes on in its next life, if that has begun. */
    void remove(Level level, long now) {
        levels.remove(level);
        level.cgroup.close();
        Container container = level.container;
        if (container != null && container.live == level) {
            container.exposed |= level.hadProcess;
            container.gone(now);
        }
    }

    /** Forgets who has been dead for long, and tells readers of changes. Allocates only when there are any. */
    void publish(long now) {
        int dead = 0;
        int count = 0;
        for (int i = containers.size() - 1; i >= 0; i--) {
            Container container = containers.get(i);
            boolean isDead = container.live == null;
            if (isDead && (!container.exposed || now - container.goneAt > KEEP_NANOS)) {
                forget(i);
            } else if (container.exposed) {
                count++;
                dead += isDead ? 1 : 0;
            }
        }
        for (; dead > MOST_DEAD; dead--) {
            forget(longestDead());
            count--;
        }
        if (count != exposedCount) {
            exposedCount = count;
            exposed = containers.stream().filter(c -> c.exposed).toList();
        }
    }

    private void forget(int index) {
        byIdentity.remove(containers.remove(index).identity());
        exposedCount = -1;
    }

    private int longestDead() {
        int longest = -1;
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            if (container.live == null && (longest < 0 || container.goneAt - containers.get(longest).goneAt < 0)) {
                longest = i;
            }
        }
        return longest;
    }
}
