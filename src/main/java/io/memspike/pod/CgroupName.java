package io.memspike.pod;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a cgroup's path says of it. The forms, below the root of cgroup v2:
 *
 * <pre>
 * kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod[uid with _].slice/cri-containerd-[id].scope
 * kubepods/burstable/pod[uid]/[id]                          kubelet with the cgroupfs driver
 * …pod[uid].slice/crio-[id].scope/container                 CRI-O with crun: limits are the scope's
 * …pod[uid].slice:cri-containerd:[id]                       drivers of kubelet and containerd differ
 * kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable-pod[uid].slice/…          in kind
 * system.slice/docker-[id].scope, docker/[id], machine.slice/libpod-[id].scope/container
 * </pre>
 *
 * A static pod's uid is 32 hex digits without separators (the hash of its manifest).
 *
 * @param podUid with hyphens, as the API has it; null outside pods
 * @param containerId 64 hex digits; null for a pod and outside containers
 * @param qos the pod's quality of service class in lower case; null outside pods
 */
public record CgroupName(
        Kind kind,
        @Nullable String podUid,
        @Nullable String containerId,
        @Nullable String qos) {
    /** What the last component of the path is. */
    public enum Kind {
        POD,
        CONTAINER,
        /** Below a container: its own affair, and counted in the container's numbers. */
        INSIDE_CONTAINER,
        /** A runtime's helper beside a container (CRI-O's conmon). */
        HELPER,
        OTHER
    }

    private static final Pattern POD =
            Pattern.compile("(?:[a-z0-9-]*-)?pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})"
                    + "(?:\\.slice)?(?::.*)?");
    private static final Pattern CONTAINER =
            Pattern.compile("(?:.*:)?(?:(?:cri-containerd|crio|docker|libpod)[-:])?([0-9a-f]{64})(?:\\.scope)?");
    private static final String HELPER = "crio-conmon-";

    /**
     * Takes a path apart.
     *
     * @param path relative to the cgroup root, beginning with a slash
     */
    public static CgroupName of(String path) {
        String podUid = null;
        String containerId = null;
        Kind kind = Kind.OTHER;
        for (String component : path.split("/", -1)) {
            Matcher pod = POD.matcher(component);
            Matcher container = CONTAINER.matcher(component);
            boolean isPod = pod.matches();
            if (isPod) {
                // A pod below a container is a node in a container (kind): what counts is the pod.
                podUid = pod.group(1).replace('_', '-');
                containerId = null;
                kind = Kind.POD;
            }
            if (containerId != null) {
                kind = Kind.INSIDE_CONTAINER;
            } else if (container.matches()) {
                containerId = container.group(1);
                kind = Kind.CONTAINER;
            } else if (component.startsWith(HELPER)) {
                kind = Kind.HELPER;
            } else if (!isPod) {
                kind = Kind.OTHER;
            }
        }
        return new CgroupName(kind, podUid, containerId, podUid == null ? null : qos(path));
    }

    private static String qos(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("besteffort") ? "besteffort" : lower.contains("burstable") ? "burstable" : "guaranteed";
    }
}
