package io.memspike.sampling;

import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;
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
    private final Naming naming;
    private final List<Level> levels = new ArrayList<>();
    private final List<Container> containers = new ArrayList<>();
    private final Map<Identity, Container> byIdentity = new HashMap<>();
    private volatile List<Container> exposed = List.of();
    private int exposedCount;

    Population(int windowSeconds, History.Size history, Naming naming) {
        this.windowSeconds = windowSeconds;
        this.history = history;
        this.naming = naming;
    }

    /** Parents stand before their children. */
    List<Level> levels() {
        return levels;
    }

    /** The containers that readers see, as of the last {@link #publish}; never changed once it is given out. */
    List<Container> exposed() {
        return exposed;
    }

    void add(Level level, long now) {
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
            container = new Container(identity, level.cgroup.dir().name(), level.name, windowSeconds, now);
            container.workload = level.name.kind() == CgroupName.Kind.CONTAINER;
            byIdentity.put(identity, container);
            containers.add(container);
        }
        container.inode = level.cgroup.dir().inode();
        level.container = container;
        container.reborn(level, history);
        naming.appeared(container);
    }

    /** Takes a level out. The container goes on in its next life, if that has begun. */
    void remove(Level level, long now) {
        levels.remove(level);
        level.cgroup.close();
        Container container = level.container;
        if (container != null && container.live == level) {
            container.workload |= level.hadProcess;
            container.gone(now);
        }
    }

    /** Every container, also those that readers don't see. */
    List<Container> containers() {
        return containers;
    }

    /** Gives a container its name. If one of that name was here before, it was an earlier life: they become one. */
    Container rename(Container container, ContainerName name) {
        Identity identity = Identity.of(name);
        Container before = byIdentity.get(identity);
        byIdentity.remove(container.identity(), container);
        container.rename(identity, name);
        if (before == null || before == container) {
            byIdentity.put(identity, container);
            return container;
        }
        before.absorb(container);
        containers.remove(container);
        return before;
    }

    /** Names who can be named, forgets who has been dead for long, and tells readers of changes. */
    void publish(long now) {
        if (naming.settle(this, now)) {
            exposedCount = -1;
        }
        int dead = 0;
        int count = 0;
        for (int i = containers.size() - 1; i >= 0; i--) {
            Container container = containers.get(i);
            boolean isDead = container.live == null;
            if (isDead && (!isOfUse(container) || now - container.goneAt > KEEP_NANOS)) {
                forget(i);
            } else if (container.isExposed()) {
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
            exposed = containers.stream().filter(Container::isExposed).toList();
        }
    }

    private static boolean isOfUse(Container dead) {
        return dead.workload && dead.visibility != Container.Visibility.HIDDEN;
    }

    private void forget(int index) {
        Container container = containers.remove(index);
        byIdentity.remove(container.identity(), container);
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
