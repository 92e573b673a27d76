package io.memspike.demo;

import static io.memspike.demo.Bytes.KIB;
import static io.memspike.demo.Bytes.MIB;
import static io.memspike.demo.Bytes.PAGE;
import static io.memspike.demo.Bytes.pages;

/** The shapes of memory use that the demo shows, one method each. */
final class Workloads {
    private Workloads() {}

    /** Holds what it has and touches nothing. */
    static Workload idle(long anon, long cache) {
        return (age, demand) -> {
            demand.anon = anon;
            demand.cache = cache;
        };
    }

    /** Serves requests: usage wanders a little around a level. */
    static Workload serving(long seed, long anon, long cache) {
        return (age, demand) -> {
            // A request or two every 100 ms, not a new number at every step.
            long at = age / 100 * 100;
            demand.anon = pages(anon * (0.97 + 0.06 * Noise.wander(seed, at, 900)));
            demand.sock = pages(512 * KIB * Noise.wander(seed + 1, at, 400));
            demand.cache = cache;
            demand.dirty = pages(96 * KIB * Noise.wander(seed + 2, at, 1500));
            demand.threads = 24;
            demand.slabReclaimable = 3 * MIB;
        };
    }

    /** Loses memory: from half of its limit to all of it in about a minute, whatever is done. */
    static Workload leaking(long limit) {
        return (age, demand) -> {
            double started = Math.min(1, age / 1500.0);
            double lost = Math.max(0, age / 100 * 100 - 1500) / 100_000.0;
            demand.anon = pages(limit * (0.42 * started + lost));
            demand.cache = 20 * MIB;
            demand.readsPerStep = 96 * PAGE;
            demand.hotPercent = 80;
            demand.slabReclaimable = MIB;
        };
    }

    /** A JVM: the heap climbs, small collections take a little back, a large one nearly all. */
    static Workload sawTooth(long low, long high) {
        long large = 12_000;
        long small = 1_500;
        return (age, demand) -> {
            long at = age / 40 * 40;
            double climb = (double) (at % large) / large;
            double dip = (double) (at % small) / small;
            // A collection gives memory back over a few steps, not in none.
            double back = climb < 0.015 ? 1 - climb / 0.015 : climb;
            demand.anon = pages(low + (high - low) * Math.max(0, Math.min(1, back - 0.08 * (1 - dip) * climb)));
            demand.cache = 48 * MIB;
            demand.threads = 64;
            demand.slabReclaimable = 2 * MIB;
            demand.hugePages = true;
        };
    }

    /** Calm, and every seven seconds or so a spike of a few tenths of a second that no slow sampler sees. */
    static Workload bursts(long seed, long baseline, long top) {
        long cycle = 7_000;
        return (age, demand) -> {
            long number = age / cycle;
            long start = 2_000 + (long) (Noise.unit(seed, number) * 1_000);
            long length = 240 + (long) (Noise.unit(seed + 1, number) * 220);
            long into = age % cycle - start;
            // Half at the first step, all at the second.
            double share = into < 0 || into >= length ? 0 : into < 20 ? 0.5 : 1;
            demand.anon = pages(baseline + (top - baseline) * share);
            demand.cache = 12 * MIB;
            demand.slabReclaimable = MIB;
        };
    }

    /** Fills a tmpfs and empties it: memory that counts as file and yet cannot be reclaimed. */
    static Workload tmpfsFilling(long most) {
        long cycle = 40_000;
        long full = 37_000;
        return (age, demand) -> {
            long at = age % cycle / 100 * 100;
            demand.anon = 5 * MIB;
            demand.shmem = at > full + 1_500 ? 0 : pages(most * Math.min(1, (double) at / full));
            demand.cache = 4 * MIB;
        };
    }

    /** Reads far more files than fit: always at its limit, and never in danger. */
    static Workload reading(long bytesPerStep) {
        return (age, demand) -> {
            demand.anon = 14 * MIB;
            demand.cache = Long.MAX_VALUE;
            // Two of three seconds, as a backup or a scan does it.
            demand.readsPerStep = age % 3_000 < 2_000 ? bytesPerStep : 0;
            demand.hotPercent = 5;
            demand.slabReclaimable = 6 * MIB;
        };
    }

    /** Swells and shrinks slowly. */
    static Workload breathing(long low, long high, long periodMillis) {
        return (age, demand) -> {
            double phase = (double) (age / 100 * 100 % periodMillis) / periodMillis;
            demand.anon = pages(low + (high - low) * (1 - Math.abs(2 * phase - 1)));
            demand.cache = 10 * MIB;
            demand.threads = 32;
            demand.slabReclaimable = 2 * MIB;
        };
    }

    /** Wanders without a limit. */
    static Workload wandering(long seed, long low, long high, long cache) {
        return (age, demand) -> {
            demand.anon = pages(low + (high - low) * Noise.wander(seed, age / 200 * 200, 8_000));
            demand.cache = cache;
            demand.slabReclaimable = 4 * MIB;
        };
    }
}
