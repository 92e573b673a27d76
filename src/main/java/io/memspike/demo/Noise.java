package io.memspike.demo;

/** Pseudo-random numbers as a function of (seed, index): no state, so a demo shows the same on every run. */
final class Noise {
    private Noise() {}

    /** 64 well mixed bits (the finalizer of SplitMix64). */
    static long bits(long seed, long index) {
        long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** In [0, 1). */
    static double unit(long seed, long index) {
        return (bits(seed, index) >>> 11) * 0x1.0p-53;
    }

    /** In [0, 1), wandering: one new value per period, straight lines between them. */
    static double wander(long seed, long millis, long periodMillis) {
        long period = millis / periodMillis;
        double share = (double) (millis % periodMillis) / periodMillis;
        return unit(seed, period) * (1 - share) + unit(seed, period + 1) * share;
    }
}
