package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memspike.kernel.KernelLab.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is exposed, beside what the kernel's files say. */
@Tag("kernel")
class ValuesKernelTest {
    private static final long MIB = 1 << 20;
    /** The kernel's batch of charges, 64 pages, for each of two CPUs: what may move in an idle cgroup. */
    private static final double STOCK = 2 * 64 * 4096;

    private final KernelLab lab = KernelLab.running();
    private LabCgroup slice;

    @BeforeEach
    void makeSlice() {
        slice = LabCgroup.slice("values.slice");
    }

    @AfterEach
    void removeSlice() {
        slice.close();
    }

    @Test
    void shouldExposeWhatTheFilesSayWhenTheContainerIsIdle() throws IOException {
        LabCgroup service = slice.child("idle.service");
        service.write("memory.max", "200M");
        Path tmpfs = Files.createTempFile(Path.of("/dev/shm"), "values", "");
        Path disk = Files.createTempFile(disk(), "values", "");
        service.hold("anon:30", "tmpfs:" + tmpfs + ":20", "cache:" + disk + ":10");
        KernelLab.eventually().until(() -> service.number("memory.current") > 60 * MIB);
        KernelLab.eventually().untilAsserted(() -> compare(service, lab.scrape()));
        Files.delete(tmpfs);
        Files.delete(disk);
    }

    private static void compare(LabCgroup service, Scrape scrape) {
        String name = service.name();
        Map<String, Long> stat = service.table("memory.stat");
        long current = service.number("memory.current");
        assertThat(scrape.get("memory_current_bytes", name)).isEqualTo(current);
        assertThat(scrape.get("memory_anon_bytes", name)).isEqualTo((double) stat.get("anon"));
        assertThat(scrape.get("memory_file_bytes", name)).isEqualTo((double) stat.get("file"));
        assertThat(scrape.get("memory_shmem_bytes", name)).isEqualTo((double) stat.get("shmem"));
        assertThat(scrape.get("memory_kernel_bytes", name)).isCloseTo(stat.get("kernel"), within(STOCK));
        assertThat(scrape.get("memory_lifetime_peak_bytes", name)).isEqualTo(service.number("memory.peak"));
        assertThat(scrape.get("memory_limit_bytes", name)).isEqualTo(200 * MIB);
        assertThat(scrape.get("memory_working_set_bytes", name))
                .isCloseTo(current - stat.get("inactive_file"), within(STOCK));
        assertThat(scrape.get("memory_anon_risk_bytes", name))
                .isCloseTo(Math.max(0, current - stat.get("file") - stat.get("shmem")), within(STOCK));
        double unreclaimable =
                current - stat.get("inactive_file") - stat.get("active_file") - stat.get("slab_reclaimable");
        assertThat(scrape.get("memory_unreclaimable_bytes", name)).isCloseTo(unreclaimable, within(STOCK));
        assertThat(scrape.get("memory_headroom_bytes", name)).isCloseTo(200 * MIB - unreclaimable, within(STOCK));
        Map<String, Long> events = service.table("memory.events");
        assertThat(scrape.get("memory_limit_hits_total", name)).isEqualTo((double) events.get("max"));
        assertThat(scrape.get("memory_high_hits_total", name)).isEqualTo((double) events.get("high"));
        assertThat(scrape.get("oom_kills_total", name)).isZero();
        assertThat(scrape.find("oom_last_kill_timestamp_seconds", name)).isEmpty();
        double waiting = total(service.read("memory.pressure"), "some");
        assertThat(scrape.get("pressure_waiting_seconds_total", name)).isCloseTo(waiting, within(0.001));
    }

    @Test
    void shouldNotTakePageCacheForRisk() throws IOException {
        LabCgroup service = slice.child("reader.service");
        service.write("memory.max", "100M");
        Path file = Files.createTempFile(disk(), "cache", "");
        service.hold("anon:5", "cache:" + file + ":300");
        KernelLab.eventually().until(() -> service.table("memory.events").get("max") > 0);
        KernelLab.eventually().untilAsserted(() -> {
            Scrape scrape = lab.scrape();
            assertThat(scrape.get("memory_current_peak_bytes", service.name())).isGreaterThan(95 * MIB);
            assertThat(scrape.get("memory_limit_hits_total", service.name()))
                    .isEqualTo((double) service.table("memory.events").get("max"));
            assertThat(scrape.get("memory_unreclaimable_peak_bytes", service.name()))
                    .isLessThan(20 * MIB);
            assertThat(scrape.get("memory_near_limit_entries_total", service.name()))
                    .isZero();
        });
        Files.delete(file);
    }

    @Test
    void shouldFollowALimitThatIsChangedInPlace() {
        LabCgroup service = slice.child("resized.service");
        service.write("memory.max", "100M");
        service.hold("anon:46");
        KernelLab.eventually().untilAsserted(() -> limits(service, 100 * MIB));
        double entries = lab.scrape().get("memory_near_limit_entries_total", service.name());
        service.write("memory.max", "50M");
        KernelLab.eventually().untilAsserted(() -> limits(service, 50 * MIB));
        KernelLab.eventually().untilAsserted(() -> {
            Scrape scrape = lab.scrape();
            assertThat(scrape.get("memory_near_limit_entries_total", service.name()))
                    .isEqualTo(entries + 1);
            assertThat(scrape.get("memory_near_limit_seconds_total", service.name()))
                    .isGreaterThan(0.5);
        });
        service.write("memory.max", "max");
        KernelLab.eventually().untilAsserted(() -> {
            assertThat(lab.scrape().find("memory_limit_bytes", service.name())).isEmpty();
            assertThat(lab.scrape().find("memory_headroom_bytes", service.name()))
                    .isEmpty();
        });
    }

    private void limits(LabCgroup service, double limit) {
        Scrape scrape = lab.scrape();
        assertThat(scrape.get("memory_limit_bytes", service.name())).isEqualTo(limit);
        assertThat(scrape.get("memory_headroom_bytes", service.name()))
                .isCloseTo(limit - scrape.get("memory_unreclaimable_bytes", service.name()), within(STOCK));
    }

    /** A place whose pages are page cache, not tmpfs: the lab's disk, or natively where builds go. */
    private static Path disk() {
        Path disk = Path.of("/disk");
        return Files.isDirectory(disk) ? disk : Path.of("target");
    }

    private static double total(String pressure, String line) {
        return pressure.lines()
                        .filter(text -> text.startsWith(line))
                        .mapToLong(text -> Long.parseLong(text.substring(text.indexOf("total=") + 6)))
                        .sum()
                / 1e6;
    }
}
