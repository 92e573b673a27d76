package io.memspike.demo;

/** The processes of one container: what they want of memory, as a function of time and of nothing else. */
@FunctionalInterface
interface Workload {
    /** Fills in the demand at {@code ageMillis} after the container's start; it comes reset. */
    void demand(long ageMillis, Demand demand);
}
