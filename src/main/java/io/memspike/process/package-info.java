/**
 * Processes, by /proc: which process is in which cgroup, and what it takes of memory ({@code smaps_rollup},
 * {@code status}). Slow and dear to the process that is looked at: owner thread {@code memspike-processes}, which keeps
 * to a budget. Imports {@code linux}.
 */
@NullMarked
package io.memspike.process;

import org.jspecify.annotations.NullMarked;
