package io.memspike.sampling;

import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;
import io.memspike.pod.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a container's series are shown, and under which names. A container is sampled from the moment that its
 * cgroup appears; its series wait for its name, but not for long, and then carry all that was seen meanwhile.
 *
 * <p>Owned by the sampler.
 */
public final class Naming {
    /** After so long it is shown by its pod's uid and its own id, so that nothing is hidden by a source that fails. */
    static final long PATIENCE_NANOS = 10_000_000_000L;

    private static final long ASK_NANOS = 1_000_000_000L;
    /** What cAdvisor calls it. */
    private static final String SANDBOX = "POD";

    private final Names names;
    private final Filter filter;
    private final List<Container> waiting = new ArrayList<>();
    private long version = Long.MIN_VALUE;
    private long askedAt;

    /**
     * Which containers are exposed; an excluded one is sampled all the same, for its kills count in its ancestors too.
     *
     * @param namespaces of whose pods
     * @param pods by name
     * @param sandboxes whether those that hold a pod's namespaces ("pause") are, too
     */
    public record Filter(Sieve namespaces, Sieve pods, boolean sandboxes) {
        public static final Filter NONE = new Filter(Sieve.NONE, Sieve.NONE, false);

        boolean shows(ContainerName name) {
            return namespaces.passes(name.namespace()) && pods.passes(name.pod());
        }
    }

    /** Both are of the whole text; what is excluded is so though it is included too. */
    public record Sieve(Pattern include, Pattern exclude) {
        public static final Sieve NONE = new Sieve(Pattern.compile(".*"), Pattern.compile(""));

        /** What has no name is no pod's, and isn't what was meant. */
        boolean passes(String text) {
            return text.isEmpty()
                    || (include.matcher(text).matches()
                            && !exclude.matcher(text).matches());
        }
    }

    public Naming(Names names, Filter filter) {
        this.names = names;
        this.filter = filter;
    }

    /** A container has a cgroup, and isn't named yet. */
    void appeared(Container container) {
        CgroupName cgroup = container.about().cgroup();
        if (cgroup.kind() != CgroupName.Kind.CONTAINER) {
            container.visibility = Container.Visibility.SHOWN;
        } else if (container.about().named() == null && !waiting.contains(container)) {
            waiting.add(container);
            names.wanted(cgroup);
        }
    }

    /** Names whom it can. Allocates only when there is something to do. True when what readers see has changed. */
    boolean settle(Population population, long now) {
        boolean changed = false;
        for (int i = 0; i < waiting.size(); i++) {
            if (settle(waiting.get(i), population, now)) {
                waiting.remove(i--);
                changed = true;
            }
        }
        if (!waiting.isEmpty() && now - askedAt >= ASK_NANOS) {
            askedAt = now;
            waiting.forEach(container -> names.wanted(container.about().cgroup()));
        }
        long latest = names.version();
        if (latest != version) {
            version = latest;
            changed |= reconsider(population);
        }
        return changed;
    }

    private boolean settle(Container container, Population population, long now) {
        CgroupName cgroup = container.about().cgroup();
        ContainerName name = names.find(cgroup);
        if (name != null) {
            take(container, name, population);
            return true;
        }
        if (now - container.bornAt < PATIENCE_NANOS && names.mayKnow(cgroup)) {
            return false;
        }
        showNameless(container, population);
        return true;
    }

    private void take(Container container, ContainerName name, Population population) {
        Container named = population.rename(container, name);
        named.visibility = filter.shows(name) ? Container.Visibility.SHOWN : Container.Visibility.HIDDEN;
    }

    /** A name may come late, or say more than before; and a pod that becomes known may tell who its sandbox is. */
    private boolean reconsider(Population population) {
        boolean changed = false;
        for (Container container : List.copyOf(population.containers())) {
            if (container.visibility == Container.Visibility.WAITING) {
                continue;
            }
            Container.About about = container.about();
            ContainerName name = names.find(about.cgroup());
            if (name != null && !name.equals(about.named())) {
                take(container, name, population);
                changed = true;
            } else if (name == null && about.named() == null && about.cgroup().podUid() != null) {
                Container.Visibility before = container.visibility;
                showNameless(container, population);
                changed |= before != container.visibility;
            }
        }
        return changed;
    }

    private void showNameless(Container container, Population population) {
        if (!isSandbox(container, population.containers())) {
            container.visibility = Container.Visibility.SHOWN;
        } else if (!filter.sandboxes()) {
            container.visibility = Container.Visibility.HIDDEN;
        } else {
            container.visibility = Container.Visibility.SHOWN;
            ContainerName sibling = nameInPod(container.about().cgroup().podUid(), population.containers());
            if (sibling != null) {
                take(container, new ContainerName(sibling.namespace(), sibling.pod(), SANDBOX), population);
            }
        }
    }

    /**
     * No path says it, and no source names it: a pod's sandbox is, of the containers without a name in a pod that is
     * known, the one that was made first, if it has no limit. Another one is a container whose name is late.
     */
    private boolean isSandbox(Container container, List<Container> all) {
        String pod = container.about().cgroup().podUid();
        if (pod == null || container.hasOwnLimit) {
            return false;
        }
        for (Container other : all) {
            boolean nameless = other.live != null && other.about().named() == null;
            if (nameless && other.inode < container.inode && isIn(other, pod)) {
                return false;
            }
        }
        return names.knowsPod(pod) || nameInPod(pod, all) != null;
    }

    private static @Nullable ContainerName nameInPod(@Nullable String pod, List<Container> all) {
        for (Container other : all) {
            if (other.about().named() != null && isIn(other, pod)) {
                return other.about().named();
            }
        }
        return null;
    }

    private static boolean isIn(Container container, @Nullable String pod) {
        return pod != null && pod.equals(container.about().cgroup().podUid());
    }
}
