package io.memspike.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code process_} family as every Prometheus client has it. simpleclient's own counts descriptors by listing
 * /proc/self/fd, which takes 5 ms of each scrape with the ten thousand files of a large node; since Linux 6.2 the size
 * of that directory is their number (proc(5)).
 */
final class ProcessMetrics extends Collector {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path STATUS = Path.of("/proc/self/status");

    private final double startSeconds = ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3;

    @Override
    public List<MetricFamilySamples> collect() {
        List<MetricFamilySamples> families = new ArrayList<>();
        gauge(families, "process_start_time_seconds", "Start time since the epoch.", startSeconds);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            families.add(new CounterMetricFamily(
                    "process_cpu_seconds", "User and system CPU time spent.", system.getProcessCpuTime() / 1e9));
            gauge(families, "process_open_fds", "Open file descriptors.", openDescriptors(system));
            gauge(families, "process_max_fds", "Most file descriptors.", (double) system.getMaxFileDescriptorCount());
        }
        memory(families);
        return families;
    }

    private static double openDescriptors(UnixOperatingSystemMXBean system) {
        try {
            long size = Files.size(DESCRIPTORS);
            return size > 0 ? size : system.getOpenFileDescriptorCount();
        } catch (IOException e) {
            return system.getOpenFileDescriptorCount();
        }
    }

    /** Absent where there is no procfs. */
    private static void memory(List<MetricFamilySamples> families) {
        try {
            for (String line : Files.readAllLines(STATUS, StandardCharsets.US_ASCII)) {
                if (line.startsWith("VmSize:")) {
                    gauge(families, "process_virtual_memory_bytes", "Virtual memory size.", bytes(line));
                } else if (line.startsWith("VmRSS:")) {
                    gauge(families, "process_resident_memory_bytes", "Resident memory size.", bytes(line));
                }
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Of a line such as {@code VmRSS:     1234 kB}. */
    private static double bytes(String line) {
        return Double.parseDouble(line.replaceAll("\\D", "")) * 1024;
    }

    private static void gauge(List<MetricFamilySamples> families, String name, String help, double value) {
        families.add(new GaugeMetricFamily(name, help, value));
    }
}
