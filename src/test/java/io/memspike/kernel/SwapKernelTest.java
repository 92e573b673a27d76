package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.kernel.KernelLab.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Memory that swap would take can be reclaimed; where swap is forbidden, or full, it can't. */
@Tag("kernel")
class SwapKernelTest {
    private static final long MIB = 1 << 20;

    private final KernelLab lab = KernelLab.running();

    @BeforeEach
    void needSwap() throws IOException {
        assertThat(Files.readString(Path.of("/proc/swaps")).lines().count())
                .as("src/lab/vm --swap, or a host with swap")
                .isGreaterThan(1);
    }

    @Test
    void shouldCountAnonAsReclaimableOnlyAsFarAsSwapMayTakeIt() {
        LabCgroup slice = LabCgroup.slice("swap.slice");
        slice.write("memory.swap.max", "max");
        LabCgroup service = slice.child("swapping.service");
        service.hold("anon:60");
        service.write("memory.swap.max", "0");
        KernelLab.eventually().untilAsserted(() -> unreclaimable(service, 60 * MIB, 66 * MIB));
        service.write("memory.swap.max", "20M");
        KernelLab.eventually().untilAsserted(() -> unreclaimable(service, 40 * MIB, 46 * MIB));
        service.write("memory.swap.max", "max");
        KernelLab.eventually().untilAsserted(() -> unreclaimable(service, 0, 6 * MIB));
        slice.close();
    }

    private void unreclaimable(LabCgroup service, long least, long most) {
        Scrape scrape = lab.scrape();
        assertThat(scrape.get("memory_current_bytes", service.name())).isGreaterThan(60 * MIB);
        assertThat(scrape.get("memory_unreclaimable_bytes", service.name())).isBetween((double) least, (double) most);
    }
}
