package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.memspike.pod.CgroupName.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class CgroupNameFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void path(byte[] text) {
        String path = new String(text, StandardCharsets.UTF_8);
        CgroupName name = CgroupName.of(path);
        if (name.podUid() != null) {
            assertThat(name.podUid()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}");
            assertThat(path.replace('_', '-')).contains("pod" + name.podUid());
        }
        if (name.containerId() != null) {
            assertThat(name.containerId()).matches("[0-9a-f]{64}");
            assertThat(path).contains(name.containerId());
        }
        boolean hasId = name.kind() == Kind.CONTAINER || name.kind() == Kind.INSIDE_CONTAINER;
        assertThat(name.containerId() != null).isEqualTo(hasId);
        assertThat(name.qos() == null).isEqualTo(name.podUid() == null);
        assertThat(name.kind() == Kind.POD && name.podUid() == null).isFalse();
    }
}
