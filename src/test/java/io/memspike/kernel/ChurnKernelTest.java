package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.kernel.KernelLab.Scrape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cgroups that come and go faster than anybody scrapes. */
@Tag("kernel")
class ChurnKernelTest {
    private static final int CGROUPS = 200;

    private final KernelLab lab = KernelLab.running();

    @Test
    void shouldLoseNoSeriesAndKeepNoDescriptorWhenTwoHundredCgroupsComeAndGoInTenSeconds() throws InterruptedException {
        LabCgroup slice = LabCgroup.slice("churn.slice");
        long openBefore = settledDescriptors();
        List<String> names = new ArrayList<>();
        long began = System.nanoTime();
        Process churn = LabCgroup.run(List.of("churn:" + slice.dir() + ":" + CGROUPS + ":45:400"));
        assertThat(churn.waitFor()).isZero();
        for (int i = 0; i < CGROUPS; i++) {
            names.add(slice.name() + "/short" + i + ".service");
        }
        System.out.printf("%d cgroups in %.1f s%n", CGROUPS, (System.nanoTime() - began) / 1e9);
        KernelLab.eventually().untilAsserted(() -> {
            Scrape scrape = lab.scrape();
            assertThat(names)
                    .filteredOn(name -> scrape.series("oom_kills_total", name).size() != 1)
                    .as("every one has its series, once")
                    .isEmpty();
            assertThat(names).filteredOn(scrape::has).as("none is said to live").isEmpty();
        });
        KernelLab.eventually()
                .untilAsserted(() -> assertThat(lab.openCgroupFiles()).isLessThanOrEqualTo(openBefore));
        slice.close();
    }

    /** Descriptors of what other tests left behind are closed first. */
    private long settledDescriptors() {
        long[] last = {-1};
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long now = lab.openCgroupFiles();
                    boolean settled = now == last[0];
                    last[0] = now;
                    return settled;
                });
        return last[0];
    }
}
