package io.memspike.sampling;

import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;

/**
 * Whose memory it is: the key of a {@link Container}, and the labels of its series. A cgroup that is made again under
 * the same identity goes on with the same counters.
 *
 * @param namespace empty while unknown, and outside Kubernetes
 * @param pod the pod's uid while its name is unknown; empty outside Kubernetes
 * @param container the container's id while its name is unknown; outside Kubernetes the runtime's name for it, or the
 *     cgroup's path
 */
public record Identity(String namespace, String pod, String container) {
    /** Of a cgroup that nobody has named. */
    static Identity of(String path, CgroupName name) {
        if (name.podUid() != null && name.containerId() != null) {
            return new Identity("", name.podUid(), name.containerId());
        }
        return new Identity("", "", path);
    }

    static Identity of(ContainerName name) {
        return new Identity(name.namespace(), name.pod(), name.container());
    }
}
