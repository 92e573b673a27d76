/**
 * Kills by the OOM killer, and what was seen in the minute before: the kernel log, {@link io.memspike.oom.Incident},
 * its verdict, and the folder where incidents are kept. Imports {@code linux}, {@code cgroup}, {@code process},
 * {@code pod}, {@code sampling}.
 */
@NullMarked
package io.memspike.oom;

import org.jspecify.annotations.NullMarked;
