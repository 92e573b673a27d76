package io.memspike.kernel;

import static io.memspike.kernel.KernelLab.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is on record of kills by the real OOM killer. */
@Tag("kernel")
class IncidentKernelTest {
    private static final String POD = "kubepods-pod0a1b2c3d_0000_4000_8000_0123456789ab.slice";
    private static final Pattern ID = Pattern.compile("\"id\" *: *\"([^\"]+)\"");

    private final KernelLab lab = KernelLab.running();
    private LabCgroup kubepods;
    private LabCgroup pod;

    @BeforeEach
    void makePod() {
        kubepods = LabCgroup.slice("kubepods.slice");
        pod = kubepods.childSlice(POD);
    }

    @AfterEach
    void removePod() {
        kubepods.close();
    }

    @Test
    void shouldRecordASpikeWithItsVictimAndTheMinuteBefore() {
        String id = "5a".repeat(32);
        LabCgroup container = container(id, "96M");
        container.hold("anon:20", "wait:9000", "anon:200");
        String incident = incidentOf(id);
        System.out.println(
                incident.lines().filter(line -> line.contains("sentence")).toList());
        assertThat(incident).contains("\"kind\" : \"spike\"", "\"kills\" : 1", "\"name\" : \"hold\"");
        assertThat(incident).contains("\"oom_memcg\" : \"" + container.name() + "\"");
        assertThat(incident).contains("\"inactive_anon\" : ");
        assertThat(number(incident, "max_bytes")).contains(96L << 20);
        assertThat(number(incident, "anon_rss_bytes").get(0)).isGreaterThan(60L << 20);
    }

    @Test
    void shouldTellThatThePodsLimitWasHitAndNotTheContainers() {
        pod.write("memory.max", "120M");
        String id = "5b".repeat(32);
        LabCgroup neighbour = container("5c".repeat(32), "max");
        neighbour.hold("tmpfs:/dev/shm/neighbour:70");
        LabCgroup container = container(id, "max");
        container.hold("anon:10", "wait:9000", "anon:200");
        String incident = incidentOf(id);
        System.out.println(
                incident.lines().filter(line -> line.contains("sentence")).toList());
        assertThat(incident).contains("\"oom_memcg\" : \"" + pod.name() + "\"");
    }

    private LabCgroup container(String id, String max) {
        LabCgroup container = pod.child("cri-containerd-" + id + ".scope");
        container.write("memory.max", max);
        return container;
    }

    /** All of the one incident of that container. */
    private String incidentOf(String container) {
        eventually().until(() -> ids(container).size() == 1);
        return lab.get("/api/v1/incidents/" + ids(container).get(0)).body();
    }

    private List<String> ids(String container) {
        return ID.matcher(lab.get("/api/v1/incidents").body())
                .results()
                .map(found -> found.group(1))
                // A long name is cut.
                .filter(id -> id.contains(container.substring(0, 16)))
                .toList();
    }

    private static List<Long> number(String json, String name) {
        return Pattern.compile("\"" + name + "\" : (\\d+)")
                .matcher(json)
                .results()
                .map((MatchResult found) -> Long.parseLong(found.group(1)))
                .toList();
    }
}
