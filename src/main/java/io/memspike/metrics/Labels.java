package io.memspike.metrics;

import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;
import io.memspike.sampling.Container;
import io.memspike.sampling.Identity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The label sets of one container, as they stand in the text: escaped and encoded once, not at each scrape. */
final class Labels {
    private static final ContainerName.Details UNKNOWN = new ContainerName("", "", "").details();

    private final byte[] series;
    private final byte[] info;

    private Labels(byte[] series, byte[] info) {
        this.series = series;
        this.info = info;
    }

    /** Of every value series. */
    byte[] series() {
        return series;
    }

    /** Of {@code memspike_container_info}. */
    byte[] info() {
        return info;
    }

    static Labels of(Container container) {
        StringBuilder text = new StringBuilder("{");
        Container.About about = container.about();
        Identity identity = about.identity();
        label(text, "namespace", identity.namespace());
        label(text, "pod", identity.pod());
        label(text, "container", identity.container());
        byte[] series = bytes(text);
        CgroupName cgroup = about.cgroup();
        label(text, "uid", cgroup.podUid());
        label(text, "container_id", cgroup.containerId());
        label(text, "qos", cgroup.qos());
        label(text, "cgroup", about.path());
        ContainerName.Details details =
                about.named() == null ? UNKNOWN : about.named().details();
        label(text, "image", details.image());
        label(text, "owner_kind", details.ownerKind());
        label(text, "owner_name", details.ownerName());
        label(text, "memory_request_bytes", details.memoryRequest());
        label(text, "memory_limit_bytes", details.memoryLimit());
        return new Labels(series, bytes(text));
    }

    private static byte[] bytes(StringBuilder text) {
        return (text + "} ").getBytes(StandardCharsets.UTF_8);
    }

    private static void label(StringBuilder text, String name, @Nullable Object value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(name)
                .append("=\"")
                .append(escaped(value == null ? "" : value.toString()))
                .append('"');
    }

    /** As both text formats ask: backslash, quote and line feed. A path may contain any of them. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
