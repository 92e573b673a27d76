package io.memspike.demo;

import java.util.HexFormat;
import java.util.UUID;

/** Directory names as the kubelet with the systemd driver and containerd make them; ids follow from a name. */
final class KubeletNames {
    private static final int WORDS_AN_ID = 4;

    private KubeletNames() {}

    /** {@code kubepods-burstable-pod<uid with _>.slice} below {@code kubepods-burstable.slice}. */
    static String podSlice(String parentSlice, String podName) {
        long seed = podName.hashCode();
        // The bits that make it a random UUID, which a pod's uid is.
        long high = (Noise.bits(seed, 0) & ~0xF000L) | 0x4000L;
        long low = (Noise.bits(seed, 1) >>> 2) | (1L << 63);
        String prefix = parentSlice.substring(0, parentSlice.length() - ".slice".length());
        return prefix + "-pod" + new UUID(high, low).toString().replace('-', '_') + ".slice";
    }

    /** {@code cri-containerd-<64 hexadecimal digits>.scope}. */
    static String scope(String containerName) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < WORDS_AN_ID; i++) {
            id.append(HexFormat.of().toHexDigits(Noise.bits(containerName.hashCode(), i)));
        }
        return "cri-containerd-" + id + ".scope";
    }
}
