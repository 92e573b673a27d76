package io.memspike.metrics;

import io.memspike.oom.IncidentRecorder;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Sampler;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.BufferPoolsExports;
import io.prometheus.client.hotspot.ClassLoadingExports;
import io.prometheus.client.hotspot.GarbageCollectorExports;
import io.prometheus.client.hotspot.MemoryAllocationExports;
import io.prometheus.client.hotspot.MemoryPoolsExports;
import io.prometheus.client.hotspot.ThreadExports;
import io.prometheus.client.hotspot.VersionInfoExports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One response to a scrape: the workload series by our writer, then the exporter's own by simpleclient, in one text.
 *
 * <p>Owned by one thread; a second scraper waits the millisecond.
 */
public final class Exposition {
    private final Sampler sampler;
    private final Predicate<String> exposed;
    private final WorkloadWriter workloads;
    private final CollectorRegistry registry = new CollectorRegistry();

    /**
     * @param features what works here now, by name; asked at each scrape
     * @param exposed which families aren't left out, by their name in the text format 0.0.4
     */
    public Exposition(
            Sampler sampler,
            Discovery discovery,
            ProcessWatch processes,
            IncidentRecorder incidents,
            double windowSeconds,
            BuildInfo build,
            Supplier<Map<String, Boolean>> features,
            Predicate<String> exposed) {
        this.sampler = sampler;
        this.exposed = exposed;
        this.workloads = new WorkloadWriter(exposed);
        new SelfMetrics(sampler, discovery, processes, incidents, windowSeconds, build, features).register(registry);
        new ProcessMetrics().register(registry);
        for (Collector jvm : new Collector[] {
            new MemoryPoolsExports(),
            new MemoryAllocationExports(),
            new BufferPoolsExports(),
            new GarbageCollectorExports(),
            new ThreadExports(),
            new ClassLoadingExports(),
            new VersionInfoExports()
        }) {
            jvm.register(registry);
        }
    }

    /** The media type of a response. */
    public static String contentType(boolean openMetrics) {
        return openMetrics ? TextFormat.CONTENT_TYPE_OPENMETRICS_100 : TextFormat.CONTENT_TYPE_004;
    }

    /** Writes everything as it is now, and changes nothing. */
    public void write(Body body, boolean openMetrics) {
        boolean current = sampler.heartbeat().stalledNanos() == 0;
        workloads.write(body, openMetrics, sampler.containers(), current);
        try (BodyWriter writer = new BodyWriter(body)) {
            if (openMetrics) {
                TextFormat.writeOpenMetrics100(writer, ownFamilies());
            } else {
                TextFormat.write004(writer, ownFamilies());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
    }

    private Enumeration<MetricFamilySamples> ownFamilies() {
        return Collections.enumeration(Collections.list(registry.metricFamilySamples()).stream()
                .filter(family -> !family.samples.isEmpty())
                .filter(family -> exposed.test(nameInText(family)))
                .toList());
    }

    private static String nameInText(MetricFamilySamples family) {
        return switch (family.type) {
            case COUNTER -> family.name + "_total";
            case INFO -> family.name + "_info";
            default -> family.name;
        };
    }

    /** What simpleclient writes to. It writes small strings. */
    private static final class BodyWriter extends Writer {
        private final Body body;

        BodyWriter(Body body) {
            this.body = body;
        }

        @Override
        public void write(int one) {
            if (one < 0x80) {
                body.put(one);
            } else {
                write(Character.toString(one));
            }
        }

        @Override
        public void write(String text) {
            body.put(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void write(char[] text, int offset, int length) {
            write(new String(text, offset, length));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
