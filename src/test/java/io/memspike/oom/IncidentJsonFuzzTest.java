package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class IncidentJsonFuzzTest {
    /** An incident that can be written again and printed, or one line that says why not. */
    @FuzzTest(maxDuration = "60s")
    void incident(byte[] json) throws IOException {
        Incident incident;
        try {
            incident = IncidentJson.read(new ByteArrayInputStream(json));
        } catch (Malformed e) {
            assertThat(e.getMessage()).matches("[\\w ,.\\[\\]-]+");
            return;
        }
        byte[] again = Incidents.json(incident).getBytes(StandardCharsets.UTF_8);
        assertThat(IncidentJson.read(new ByteArrayInputStream(again)))
                .usingRecursiveComparison()
                .isEqualTo(incident);
        assertThat(IncidentReport.of(incident)).matches("(?s)OOM kill in .*\n").doesNotContain("\0", "\u001b", "\r");
    }
}
