package io.memspike.pod;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sources of names in the order in which they are believed. Asked by the sampler: each answer comes from memory and
 * allocates nothing.
 */
public final class Names {
    private final List<NameSource> ofPods;
    private final List<NameSource> ofOthers;

    /**
     * @param ofPods who may know containers of pods
     * @param ofOthers who may know containers that no kubelet made
     */
    public Names(List<? extends NameSource> ofPods, List<? extends NameSource> ofOthers) {
        this.ofPods = List.copyOf(ofPods);
        this.ofOthers = List.copyOf(ofOthers);
    }

    public static Names none() {
        return new Names(List.of(), List.of());
    }

    public void start() {
        ofPods.forEach(NameSource::start);
        ofOthers.forEach(NameSource::start);
    }

    /** The first source's answer that has one; null when none has. */
    public @Nullable ContainerName find(CgroupName cgroup) {
        List<NameSource> sources = sources(cgroup);
        for (int i = 0; i < sources.size(); i++) {
            ContainerName name = sources.get(i).find(cgroup);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    /** Whether it is worth while to wait for the name. */
    public boolean mayKnow(CgroupName cgroup) {
        List<NameSource> sources = sources(cgroup);
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).isAvailable()) {
                return true;
            }
        }
        return false;
    }

    public boolean knowsPod(String uid) {
        for (int i = 0; i < ofPods.size(); i++) {
            if (ofPods.get(i).knowsPod(uid)) {
                return true;
            }
        }
        return false;
    }

    /** Tells those who may know it that its name is wanted. */
    public void wanted(CgroupName cgroup) {
        List<NameSource> sources = sources(cgroup);
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).wanted();
        }
    }

    /** Grows whenever an answer may have changed. */
    public long version() {
        long version = 0;
        for (int i = 0; i < ofPods.size(); i++) {
            version += ofPods.get(i).version();
        }
        for (int i = 0; i < ofOthers.size(); i++) {
            version += ofOthers.get(i).version();
        }
        return version;
    }

    /** In the order in which they are believed. */
    public List<NameSource> sources() {
        return Stream.concat(ofPods.stream(), ofOthers.stream()).toList();
    }

    private List<NameSource> sources(CgroupName cgroup) {
        return cgroup.podUid() == null ? ofOthers : ofPods;
    }
}
