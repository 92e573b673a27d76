package io.memspike.metrics;

import io.memspike.pod.CgroupName;
import io.memspike.sampling.Container;
import io.memspike.sampling.Identity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The label sets of one container, as they stand in the text: escaped and encoded once, not at each scrape. */
final class Labels {
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
        Identity identity = container.identity();
        label(text, "namespace", identity.namespace());
        label(text, "pod", identity.pod());
        label(text, "container", identity.container());
        byte[] series = bytes(text);
        CgroupName name = container.name();
        label(text, "uid", name.podUid());
        label(text, "container_id", name.containerId());
        label(text, "qos", name.qos());
        label(text, "cgroup", container.path());
        return new Labels(series, bytes(text));
    }

    private static byte[] bytes(StringBuilder text) {
        return (text + "} ").getBytes(StandardCharsets.UTF_8);
    }

    private static void label(StringBuilder text, String name, @Nullable String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(name)
                .append("=\"")
                .append(escaped(value == null ? "" : value))
                .append('"');
    }

    /** As both text formats ask: backslash, quote and line feed. A path may contain any of them. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
