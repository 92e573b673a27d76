package io.memspike.oom;

/**
 * A kill, as the kernel log tells of it.
 *
 * @param usec of the clock of the kernel's log: microseconds since boot, not counting suspended time
 * @param global whether the node ran out of memory (or a cpuset, or the nodes of a memory policy), and not a cgroup
 */
public record OomReport(long usec, Incident.Victim victim, boolean global) {}
