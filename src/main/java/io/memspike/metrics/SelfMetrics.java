package io.memspike.metrics;

import io.memspike.oom.IncidentRecorder;
import io.memspike.process.ProcessWatch;
import io.memspike.sampling.Container;
import io.memspike.sampling.Discovery;
import io.memspike.sampling.Sampler;
import io.memspike.sampling.TickTimes;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The exporter's own metrics, read from its parts at each scrape. */
final class SelfMetrics extends Collector {
    private final Sampler sampler;
    private final Discovery discovery;
    private final ProcessWatch processes;
    private final IncidentRecorder incidents;
    private final double windowSeconds;
    private final BuildInfo build;
    private final Supplier<Map<String, Boolean>> features;

    SelfMetrics(
            Sampler sampler,
            Discovery discovery,
            ProcessWatch processes,
            IncidentRecorder incidents,
            double windowSeconds,
            BuildInfo build,
            Supplier<Map<String, Boolean>> features) {
        this.sampler = sampler;
        this.discovery = discovery;
        this.processes = processes;
        this.incidents = incidents;
        this.windowSeconds = windowSeconds;
        this.build = build;
        this.features = features;
    }

    @Override
    public List<MetricFamilySamples> collect() {
        List<Container> containers = sampler.containers();
        long unresolved = containers.stream()
                .map(Container::about)
                .filter(SelfMetrics::isUnresolved)
                .count();
        return List.of(
                one(Metric.WINDOW_SECONDS, windowSeconds),
                one(Metric.CONTAINERS, containers.size()),
                one(Metric.UNRESOLVED_CONTAINERS, unresolved),
                one(Metric.SAMPLE_INTERVAL_SECONDS, sampler.intervalNanos() / 1e9),
                one(Metric.SAMPLES_TOTAL, sampler.samples()),
                one(Metric.TICKS_TOTAL, sampler.ticks()),
                one(Metric.TICKS_LATE_TOTAL, sampler.lateTicks()),
                tickSeconds(),
                stalled(),
                sourceErrors(),
                incidentsFamily(),
                one(Metric.PSS_SKIPPED_PROCESSES_TOTAL, processes.tooLarge()),
                features(),
                family(
                        Metric.BUILD_INFO,
                        List.of(sample(
                                Metric.BUILD_INFO,
                                List.of("version", "revision", "java_version"),
                                List.of(build.version(), build.revision(), build.javaVersion()),
                                1))));
    }

    private static boolean isUnresolved(Container.About about) {
        return about.named() == null && about.cgroup().podUid() != null;
    }

    private MetricFamilySamples incidentsFamily() {
        List<Sample> samples = new ArrayList<>();
        incidents
                .counts()
                .forEach((kind, count) -> samples.add(sample(
                        Metric.INCIDENTS_TOTAL,
                        List.of("verdict"),
                        List.of(kind.name().toLowerCase(Locale.ROOT)),
                        (double) count.sum())));
        return family(Metric.INCIDENTS_TOTAL, samples);
    }

    private MetricFamilySamples features() {
        List<Sample> samples = new ArrayList<>();
        features.get()
                .forEach((feature, enabled) -> samples.add(
                        sample(Metric.FEATURE_ENABLED, List.of("feature"), List.of(feature), enabled ? 1 : 0)));
        return family(Metric.FEATURE_ENABLED, samples);
    }

    private MetricFamilySamples stalled() {
        List<String> label = List.of("thread");
        return family(
                Metric.STALLED_SECONDS,
                List.of(
                        sample(
                                Metric.STALLED_SECONDS,
                                label,
                                List.of("sampler"),
                                sampler.heartbeat().stalledNanos() / 1e9),
                        sample(
                                Metric.STALLED_SECONDS,
                                label,
                                List.of("discovery"),
                                discovery.heartbeat().stalledNanos() / 1e9)));
    }

    private MetricFamilySamples sourceErrors() {
        List<Sample> samples = new ArrayList<>();
        sampler.errors()
                .forEach((source, outcome, count) -> samples.add(sample(
                        Metric.SOURCE_ERRORS_TOTAL, List.of("source", "outcome"), List.of(source, outcome), (double)
                                count)));
        return family(Metric.SOURCE_ERRORS_TOTAL, samples);
    }

    private MetricFamilySamples tickSeconds() {
        TickTimes times = sampler.tickTimes();
        String name = Metric.TICK_SECONDS.family();
        List<Sample> samples = new ArrayList<>();
        long below = 0;
        for (int bucket = 0; bucket < times.buckets(); bucket++) {
            below += times.count(bucket);
            samples.add(new Sample(
                    name + "_bucket", List.of("le"), List.of(doubleToGoString(times.boundSeconds(bucket))), below));
        }
        samples.add(new Sample(name + "_count", List.of(), List.of(), below));
        samples.add(new Sample(name + "_sum", List.of(), List.of(), times.sumSeconds()));
        return family(Metric.TICK_SECONDS, samples);
    }

    private static MetricFamilySamples one(Metric metric, long value) {
        return one(metric, (double) value);
    }

    private static MetricFamilySamples one(Metric metric, double value) {
        return family(metric, List.of(sample(metric, List.of(), List.of(), value)));
    }

    private static Sample sample(Metric metric, List<String> names, List<String> values, double value) {
        return new Sample(metric.family(), names, values, value);
    }

    private static MetricFamilySamples family(Metric metric, List<Sample> samples) {
        Type type = switch (metric.type()) {
            case COUNTER -> Type.COUNTER;
            case HISTOGRAM -> Type.HISTOGRAM;
            case GAUGE, INFO -> Type.GAUGE;
        };
        return new MetricFamilySamples(metric.openMetricsFamily(), metric.unit(), type, metric.help(), samples);
    }
}
