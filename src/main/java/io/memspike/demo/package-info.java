/**
 * A simulated node for {@code --demo}: a directory tree in the exact format of the kernel's cgroup v2 files, rewritten
 * live, so that the exporter reads it through the same code as a real node.
 *
 * <p>Three layers: what processes want ({@link io.memspike.demo.Workload}), what a kernel makes of it ({@link
 * io.memspike.demo.Simulation} and below, no I/O and no clock), and the files ({@link io.memspike.demo.DemoTree} and
 * below). Owner of all of it: the thread {@code memspike-demo}, started by {@link io.memspike.demo.DemoNode}.
 *
 * <p>Imports the JDK and slf4j only, and nothing else of this project: what it writes is checked by readers that do not
 * share its code.
 */
@NullMarked
package io.memspike.demo;

import org.jspecify.annotations.NullMarked;
