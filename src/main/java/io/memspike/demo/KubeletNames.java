package io.memspike.demo;

import java.util.HexFormat;
import java.util.UUID;

/** Directory names as the kubelet with the systemd driver and containerd make them; ids follow from a name. */
final class KubeletNames {
    private static final int WORDS_AN_ID = 4;

    private static final String NAMESPACE = "demo";

    private KubeletNames() {}

    /** {@code kubepods-burstable-pod<uid with _>.slice} below {@code kubepods-burstable.slice}. */
    static String podSlice(String parentSlice, String podName) {
        String prefix = parentSlice.substring(0, parentSlice.length() - ".slice".length());
        return prefix + "-pod" + uid(podName).replace('-', '_') + ".slice";
    }

    private static String uid(String podName) {
        long seed = podName.hashCode();
        // The bits that make it a random UUID, which a pod's uid is.
        long high = (Noise.bits(seed, 0) & ~0xF000L) | 0x4000L;
        long low = (Noise.bits(seed, 1) >>> 2) | (1L << 63);
        return new UUID(high, low).toString();
    }

    /** The link in /var/log/containers: {@code <pod>_<namespace>_<container>-<id>.log}. */
    static String logLink(String pod, String container) {
        return pod + "_" + NAMESPACE + "_" + container + "-" + id(pod + "/" + container) + ".log";
    }

    /** Where it points: {@code /var/log/pods/<namespace>_<pod>_<uid>/<container>/0.log}. */
    static String logTarget(String pod, String container) {
        return "/var/log/pods/" + NAMESPACE + "_" + pod + "_" + uid(pod) + "/" + container + "/0.log";
    }

    /** {@code cri-containerd-<64 hexadecimal digits>.scope}. */
    static String scope(String containerName) {
        return "cri-containerd-" + id(containerName) + ".scope";
    }

    private static String id(String containerName) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < WORDS_AN_ID; i++) {
            id.append(HexFormat.of().toHexDigits(Noise.bits(containerName.hashCode(), i)));
        }
        return id.toString();
    }
}
