package io.memspike.pod;

import org.jspecify.annotations.Nullable;

/**
 * One way to learn the names of containers. It works on a thread of its own and keeps what it learnt; what others ask
 * of it is answered from memory, at once and without an allocation, for the sampler asks.
 */
public interface NameSource {
    /** As {@code --names.sources} and the labels {@code source} and {@code feature} have it. */
    String label();

    /** Begins to learn, for ever, on a daemon thread of its own. Once. */
    void start();

    /** The container's name; null while it isn't known. */
    @Nullable
    ContainerName find(CgroupName cgroup);

    /** Whether the pod of that uid is known with its names, though a container of it may not be. */
    boolean knowsPod(String uid);

    /** A container whose name isn't known has appeared, or still waits: the source should look again soon. */
    void wanted();

    /** Grows whenever an answer of {@link #find} may have changed. */
    long version();

    /** Whether names can come from here at all: false where it isn't configured, or there is nothing to read. */
    boolean isAvailable();

    /** Whether it worked when it was last tried. */
    boolean isWorking();
}
