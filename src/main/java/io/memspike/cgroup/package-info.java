/**
 * cgroup v2 as the kernel writes it: the tree and its changes, one cgroup with its open files, a pure parser for each
 * format. Owner thread: discovery for the tree; a {@link io.memspike.cgroup.Cgroup} is made by discovery and then
 * belongs to the sampler. Imports only {@code linux}.
 */
@NullMarked
package io.memspike.cgroup;

import org.jspecify.annotations.NullMarked;
