package io.memspike.pod;

import org.jspecify.annotations.Nullable;

/**
 * Where a container belongs, as a {@link NameSource} says it.
 *
 * @param namespace empty outside Kubernetes
 * @param pod the pod's name; empty outside Kubernetes
 * @param container the container's name in its pod; outside Kubernetes the name that the runtime knows it by
 * @param details what only the kubelet knows
 */
public record ContainerName(String namespace, String pod, String container, Details details) {
    /**
     * Each is null when it isn't known, or isn't there.
     *
     * @param image as the pod's specification or status names it
     * @param ownerKind Deployment, StatefulSet, DaemonSet, Job …: the workload that the pod is one of
     * @param memoryRequest bytes
     * @param memoryLimit bytes
     */
    public record Details(
            @Nullable String image,
            @Nullable String ownerKind,
            @Nullable String ownerName,
            @Nullable Long memoryRequest,
            @Nullable Long memoryLimit) {
        static final Details UNKNOWN = new Details(null, null, null, null, null);
    }

    /** With no details. */
    public ContainerName(String namespace, String pod, String container) {
        this(namespace, pod, container, Details.UNKNOWN);
    }
}
