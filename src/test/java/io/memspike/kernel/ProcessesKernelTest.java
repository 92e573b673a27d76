package io.memspike.kernel;

import static io.memspike.kernel.KernelLab.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.memspike.kernel.KernelLab.Scrape;
import io.memspike.kernel.OciContainer.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a real container's processes take: four of them, which share a library of 24 MiB and 16 MiB of tmpfs and have
 * 8 MiB each to themselves, beside 10 MiB of page cache that nobody maps.
 */
@Tag("kernel")
class ProcessesKernelTest {
    private static final Pod WEB = new Pod("web-0", "0a1b2c3d-0000-4000-8000-0123456789ab");
    private static final long MIB = 1 << 20;
    private static final int PROCESSES = 4;
    /** /proc/PID/smaps_rollup is in kB, and each line is rounded down. */
    private static final double ROUNDED = PROCESSES * 1024.0;

    private static LabCgroup kubepods;
    private static OciContainer container;
    private static Path logs;

    @BeforeAll
    static void run() throws IOException {
        kubepods = LabCgroup.slice("kubepods.slice");
        kubepods.childSlice("kubepods-burstable.slice")
                .childSlice(String.valueOf(Path.of(WEB.slice()).getFileName()));
        logs = Files.createTempDirectory("containers");
        Files.setPosixFilePermissions(logs, PosixFilePermissions.fromString("rwxr-xr-x"));
        container = OciContainer.run(
                WEB,
                "app",
                "e1".repeat(32),
                logs,
                "cache:/data/unmapped:10",
                "cache:/data/library:24",
                "tmpfs:/dev/shm/segment:16",
                "fork:" + (PROCESSES - 1),
                "share:/data/library:24",
                "share:/dev/shm/segment:16",
                "anon:8");
        eventually().until(() -> container.processes().size() == PROCESSES && rss() > PROCESSES * 48 * MIB);
    }

    @AfterAll
    static void end() {
        container.close();
        kubepods.close();
    }

    @Test
    void shouldSumTheSharesThatTheKernelGivesOfEachProcess() {
        try (KernelLab lab = started(List.of())) {
            Scrape scrape = withProcesses(lab);
            expectShares(scrape);
            double charge = Double.parseDouble(read(container.cgroup().resolve("memory.current")));
            double pss = scrape.get("memory_pss_bytes", "app");
            System.out.printf(
                    "%d processes: sum of RSS %d, charge %.0f, PSS %.0f (anon %.0f, file %.0f, shmem %.0f), USS %.0f%n",
                    PROCESSES,
                    rss(),
                    charge,
                    pss,
                    scrape.get("memory_pss_anon_bytes", "app"),
                    scrape.get("memory_pss_file_bytes", "app"),
                    scrape.get("memory_pss_shmem_bytes", "app"),
                    scrape.get("memory_uss_bytes", "app"));
            assertThat((double) rss()).isGreaterThan(charge);
            assertThat(charge).isGreaterThan(pss);
            assertThat(scrape.get("memory_pss_shmem_bytes", "app")).isCloseTo(16 * MIB, within(ROUNDED));
            eventually()
                    .untilAsserted(() -> assertThat(anon())
                            .as("memory.stat, when it is up to date")
                            .isCloseTo(scrape.get("memory_pss_anon_bytes", "app"), within(ROUNDED)));
        }
    }

    @Test
    void shouldDoAllButSharesAsNobodyWithoutCapabilities() {
        try (KernelLab lab = started(List.of(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "--bounding-set=-all",
                "--inh-caps=-all",
                "--no-new-privs"))) {
            Scrape scrape = withProcesses(lab);
            assertThat(scrape.feature("pss")).isZero();
            assertThat(scrape.feature("inotify")).isEqualTo(1);
            assertThat(scrape.feature("container_logs")).isEqualTo(1);
            assertThat(scrape.series("memory_pss_bytes", "app")).isEmpty();
            assertThat(scrape.get("memory_rss_anon_bytes", "app")).isGreaterThan(PROCESSES * 7 * MIB);
            // Up to 6.1 each thread keeps its last faults to itself: status is up to 4 MiB behind.
            assertThat(scrape.get("memory_rss_shmem_bytes", "app"))
                    .isBetween((64.0 - PROCESSES * 4) * MIB, 64.0 * MIB + ROUNDED);
            assertThat(scrape.get("memory_unreclaimable_bytes", "app")).isGreaterThan(48 * MIB);
            assertThat(scrape.errors("smaps_rollup")).as("it isn't an error").isEmpty();
        }
    }

    @Test
    void shouldReadSharesAsRootWithPtraceAlone() {
        try (KernelLab lab = started(List.of("setpriv", "--bounding-set=-all,+sys_ptrace", "--inh-caps=-all"))) {
            Scrape scrape = withProcesses(lab);
            assertThat(scrape.feature("pss")).isEqualTo(1);
            expectShares(scrape);
        }
    }

    @Test
    void shouldNotReadSharesAsRootWithoutPtrace() {
        try (KernelLab lab = started(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"))) {
            Scrape scrape = withProcesses(lab);
            assertThat(scrape.feature("pss")).isZero();
            assertThat(scrape.series("memory_pss_bytes", "app")).isEmpty();
        }
    }

    /** As a pod without hostPID has it: namespaces of its own, and the host's /proc mounted. */
    @Test
    void shouldReadSharesFromNamespacesOfItsOwn() {
        try (KernelLab lab = started(List.of("unshare", "--pid", "--fork", "--kill-child", "--cgroup"))) {
            Scrape scrape = withProcesses(lab);
            assertThat(scrape.feature("pss")).isEqualTo(1);
            expectShares(scrape);
        }
    }

    private static KernelLab started(List<String> prefix) {
        return KernelLab.started(prefix, "--path.containerlogs=" + logs, "--pss.interval=1s");
    }

    private static Scrape withProcesses(KernelLab lab) {
        eventually().until(() -> lab.scrape().find("processes", "app").orElse(0.0) == PROCESSES);
        return lab.scrape();
    }

    /** Nothing moves: what the exporter says and what the files say now is the same to the byte. */
    private static void expectShares(Scrape scrape) {
        assertThat(scrape.get("memory_pss_bytes", "app")).isEqualTo(sum("Pss"));
        assertThat(scrape.get("memory_pss_anon_bytes", "app")).isEqualTo(sum("Pss_Anon"));
        assertThat(scrape.get("memory_pss_file_bytes", "app")).isEqualTo(sum("Pss_File"));
        assertThat(scrape.get("memory_pss_shmem_bytes", "app")).isEqualTo(sum("Pss_Shmem"));
        assertThat(scrape.get("memory_uss_bytes", "app")).isEqualTo(sum("Private_Clean") + sum("Private_Dirty"));
        assertThat(scrape.get("memory_swap_pss_bytes", "app")).isEqualTo(sum("SwapPss"));
        assertThat(scrape.get("memory_pss_age_seconds", "app")).isBetween(0.0, 60.0);
    }

    private static double sum(String key) {
        return container.processes().stream()
                .mapToLong(process -> kilobytes(process.resolve("smaps_rollup"), key) * 1024)
                .sum();
    }

    private static long rss() {
        return container.processes().stream()
                .mapToLong(process -> kilobytes(process.resolve("smaps_rollup"), "Rss") * 1024)
                .sum();
    }

    private static double anon() {
        return Arrays.stream(read(container.cgroup().resolve("memory.stat")).split("\n", -1))
                .filter(line -> line.startsWith("anon "))
                .mapToDouble(line -> Double.parseDouble(line.substring(5)))
                .findFirst()
                .orElseThrow();
    }

    private static long kilobytes(Path file, String key) {
        return Arrays.stream(read(file).split("\n", -1))
                .filter(line -> line.startsWith(key + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
