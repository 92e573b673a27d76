package io.memspike.kernel;

import static io.memspike.kernel.KernelLab.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.kernel.KernelLab.Scrape;
import io.memspike.kernel.OciContainer.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names of real containers, in the cgroups and with the links that a kubelet would have made. */
@Tag("kernel")
class NamesKernelTest {
    private static final Pod WEB = new Pod("web-0", "0a1b2c3d-0000-4000-8000-0123456789ab");
    private static final String PAUSE = "e0".repeat(32);
    private static final String FIRST = "e1".repeat(32);
    private static final String SECOND = "e2".repeat(32);
    private static final long MIB = 1 << 20;

    private LabCgroup kubepods;
    private Path logs;
    private KernelLab lab;

    @BeforeEach
    void start() throws IOException {
        kubepods = LabCgroup.slice("kubepods.slice");
        kubepods.childSlice("kubepods-burstable.slice")
                .childSlice(Path.of(WEB.slice()).getFileName().toString());
        logs = Files.createTempDirectory("containers");
        lab = KernelLab.started(List.of(), "--path.containerlogs=" + logs);
    }

    @AfterEach
    void end() {
        lab.close();
        kubepods.close();
    }

    @Test
    void shouldGoOnWithTheSameSeriesWhenAContainerIsRestarted() {
        try (OciContainer pause = OciContainer.run(WEB, "", PAUSE, logs)) {
            long peak;
            try (OciContainer first = OciContainer.run(WEB, "app", FIRST, logs, "anon:40")) {
                eventually().until(() -> current(lab.scrape()) > 40 * MIB);
                assertThat(first.processes()).hasSize(1);
                peak = (long) lab.scrape().get("memory_current_peak_bytes", "app");
            }
            eventually()
                    .until(() ->
                            lab.scrape().find("memory_current_bytes", "app").isEmpty());
            try (OciContainer second = OciContainer.run(WEB, "app", SECOND, logs, "anon:10")) {
                eventually().until(() -> current(lab.scrape()) > 10 * MIB);
                assertThat(second.processes()).hasSize(1);
                Scrape scrape = lab.scrape();
                assertThat(scrape.series("memory_current_bytes", "app"))
                        .hasSize(1)
                        .first()
                        .asString()
                        .startsWith(
                                "memspike_memory_current_bytes{namespace=\"shop\",pod=\"web-0\",container=\"app\"}");
                assertThat(scrape.get("memory_current_peak_bytes", "app"))
                        .as("of both lives")
                        .isEqualTo(peak);
                assertThat(scrape.series("container_info", "app"))
                        .hasSize(1)
                        .first()
                        .asString()
                        .contains(SECOND);
            }
            // It has been there for longer than anything waits for a name.
            eventually().until(() -> lab.scrape().own("memspike_ticks_total") > 11 * 20);
            assertThat(lab.scrape().has(PAUSE)).as("the sandbox").isFalse();
            assertThat(lab.scrape().own("memspike_unresolved_containers")).isZero();
            assertThat(pause.cgroup()).isDirectory();
        }
    }

    @Test
    void shouldNameAPodThatLivesTwoSeconds() {
        try (OciContainer pause = OciContainer.run(WEB, "", PAUSE, logs)) {
            OciContainer job = OciContainer.run(WEB, "job", FIRST, logs, "burst:50:1000", "anon:1");
            eventually()
                    .until(() -> Files.readString(job.cgroup().resolve("memory.peak"))
                                    .length()
                            > 8);
            job.close();
            assertThat(pause.cgroup()).isDirectory();
        }
        eventually()
                .until(() ->
                        lab.scrape().find("memory_current_peak_bytes", "job").orElse(0.0) > 50 * MIB);
        assertThat(lab.scrape().series("memory_current_peak_bytes", "job"))
                .first()
                .asString()
                .startsWith("memspike_memory_current_peak_bytes{namespace=\"shop\",pod=\"web-0\",container=\"job\"}");
    }

    private static double current(Scrape scrape) {
        return scrape.find("memory_current_bytes", "app").orElse(0.0);
    }
}
