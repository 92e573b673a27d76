/**
 * The heart: who is sampled ({@link io.memspike.sampling.Roster}), the tick loop
 * ({@link io.memspike.sampling.Sampler}), what is known of one {@link io.memspike.sampling.Container}, and
 * {@link io.memspike.sampling.Risk}, the one place where formulas live. Owner threads: discovery for the roster,
 * {@code memspike-sampler} for the rest; readers copy what is published and change nothing.
 * Imports {@code linux}, {@code cgroup}, {@code pod}.
 */
@NullMarked
package io.memspike.sampling;

import org.jspecify.annotations.NullMarked;
