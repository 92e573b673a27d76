package io.memspike.pod;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The links that are there, by what is asked of them. Changed by one thread; any thread may ask. */
final class LogLinks {
    /** By the name of the link. */
    private final Map<String, LogLink> links = new ConcurrentHashMap<>();
    /** By the container's id. */
    private final Map<String, ContainerName> names = new ConcurrentHashMap<>();
    /** Links whose id is cut: few, so that they are gone through. */
    private final Set<LogLink> cut = ConcurrentHashMap.newKeySet();

    private final Map<String, Integer> linksOfPod = new ConcurrentHashMap<>();
    private final AtomicLong version = new AtomicLong();

    @Nullable
    ContainerName find(CgroupName cgroup) {
        String id = cgroup.containerId();
        ContainerName name = id == null ? null : names.get(id);
        return name != null || id == null || cut.isEmpty() ? name : findCut(id, cgroup.podUid());
    }

    private @Nullable ContainerName findCut(String id, @Nullable String podUid) {
        for (LogLink link : cut) {
            if (id.startsWith(link.id()) && podUid != null && podUid.equals(link.podUid())) {
                return link.containerName();
            }
        }
        return null;
    }

    boolean knowsPod(String uid) {
        return linksOfPod.containsKey(uid);
    }

    long version() {
        return version.get();
    }

    Set<String> files() {
        return new HashSet<>(links.keySet());
    }

    void add(String file, LogLink link) {
        LogLink before = links.get(file);
        // The kubelet makes its links anew when it starts: they say the same.
        if (link.equals(before)) {
            return;
        }
        remove(file);
        links.put(file, link);
        if (link.isCut()) {
            cut.add(link);
        } else {
            names.put(link.id(), link.containerName());
        }
        if (link.podUid() != null) {
            linksOfPod.merge(link.podUid(), 1, Integer::sum);
        }
        version.incrementAndGet();
    }

    void remove(String file) {
        LogLink link = links.remove(file);
        if (link == null) {
            return;
        }
        names.remove(link.id());
        cut.remove(link);
        if (link.podUid() != null) {
            linksOfPod.computeIfPresent(link.podUid(), (uid, count) -> count == 1 ? null : count - 1);
        }
    }
}
