/**
 * What is exposed: the catalogue ({@link io.memspike.metrics.Metric}), the writer of workload series straight into
 * reused chunks, and the exporter's own metrics in simpleclient's registry. Owner thread: {@code memspike-scrape}.
 * Reads no file of the cgroup tree, and changes nothing that another reader sees.
 * Imports {@code linux}, {@code cgroup}, {@code pod}, {@code sampling}.
 */
@NullMarked
package io.memspike.metrics;

import org.jspecify.annotations.NullMarked;
