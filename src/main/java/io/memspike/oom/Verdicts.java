package io.memspike.oom;

import static io.memspike.oom.Evidence.mib;
import static io.memspike.oom.Evidence.percent;

import io.memspike.cgroup.Value;
import io.memspike.oom.Incident.Verdict;
import io.memspike.oom.Incident.Verdict.Kind;
import io.memspike.sampling.Kill;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a kill is explained: the first that has something to say is believed. Each speaks in one sentence
 * with its numbers.
 */
final class Verdicts {
    private static final long JUST_NOW_NANOS = 10_000_000_000L;
    private static final long LEAK_MS = 30_000;
    private static final double STRAIGHT = 0.8;

    /** Says why it was this, or null when it wasn't. */
    private interface Rule {
        @Nullable
        String because(Evidence evidence);
    }

    private static final Map<Kind, Rule> RULES = new LinkedHashMap<>();

    static {
        RULES.put(Kind.NODE, Verdicts::node);
        RULES.put(Kind.LIMIT_LOWERED, Verdicts::limitLowered);
        RULES.put(Kind.NEIGHBOUR, Verdicts::neighbour);
        RULES.put(Kind.SHMEM, Verdicts::shmem);
        RULES.put(Kind.KERNEL, Verdicts::kernel);
        RULES.put(Kind.SPIKE, Verdicts::spike);
        RULES.put(Kind.LEAK, Verdicts::leak);
        RULES.put(Kind.DIRTY_CACHE, Verdicts::dirtyCache);
    }

    private Verdicts() {}

    static Verdict of(Evidence evidence) {
        for (Map.Entry<Kind, Rule> rule : RULES.entrySet()) {
            String because = rule.getValue().because(evidence);
            if (because != null) {
                return new Verdict(rule.getKey(), because);
            }
        }
        return new Verdict(Kind.UNKNOWN, unknown(evidence));
    }

    private static @Nullable String node(Evidence of) {
        return of.victim() != null
                        && of.victim().oomMemcg().isEmpty()
                        && !of.victim().taskMemcg().isEmpty()
                ? "The node ran out of memory, not the container: it used "
                        + mib(Math.max(0, of.current().last()))
                        + ". Look at the node's reservations and at pods without limits."
                : null;
    }

    private static @Nullable String limitLowered(Evidence of) {
        Kill.State hit = of.hit();
        if (hit == null
                || !Value.isNumber(hit.max())
                || hit.maxBefore() == Value.ABSENT
                || hit.maxBefore() <= hit.max()
                || hit.changedNanos() > JUST_NOW_NANOS) {
            return null;
        }
        String before = hit.maxBefore() == Value.UNLIMITED ? "none" : mib(hit.maxBefore());
        return String.format(
                Locale.ROOT,
                "The limit was lowered from %s to %s %.1f s before, below the %s in use.",
                before,
                mib(hit.max()),
                hit.changedNanos() / 1e9,
                mib(Math.max(0, of.current().highest())));
    }

    private static @Nullable String neighbour(Evidence of) {
        Kill.State hit = of.hit();
        Shape own = of.detail(Recording.UNRECLAIMABLE);
        if (hit == null || of.isOwnLimit() || own.samples() == 0 || own.highest() >= hit.max() / 2) {
            return null;
        }
        return "It was hit by " + of.theLimit() + ", of which it used " + mib(own.highest())
                + " itself: look at what else is in there, and at the sum of limits.";
    }

    private static @Nullable String shmem(Evidence of) {
        Shape shmem = of.detail("shmem_bytes");
        Shape anon = of.detail("anon_bytes");
        if (shmem.samples() == 0 || shmem.highest() < of.limit() / 4 || shmem.highest() < anon.highest()) {
            return null;
        }
        return "tmpfs and shared memory: " + mib(shmem.highest()) + " of " + of.theLimit() + " were files in memory (+"
                + mib(shmem.grown()) + " in the last minute; anonymous memory " + mib(anon.highest())
                + "). They can't be reclaimed, and anon_risk doesn't show them: look at /dev/shm and memory volumes.";
    }

    private static @Nullable String kernel(Evidence of) {
        Shape kernel = of.detail("kernel_bytes");
        Shape anon = of.detail("anon_bytes");
        if (kernel.samples() == 0 || kernel.highest() < of.limit() / 4 || kernel.highest() < anon.highest()) {
            return null;
        }
        return "Kernel memory: " + mib(kernel.highest()) + " of " + of.theLimit()
                + " were the kernel's on its behalf (page tables, slab, stacks; +" + mib(kernel.grown())
                + " in the last minute): look at open files, threads and large sparse mappings.";
    }

    private static @Nullable String spike(Evidence of) {
        Rise rise = Rise.steepest(of.ticks());
        if (rise == null || rise.bytes() < of.limit() / 5) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "Spike: memory rose by %s to %s in %d ms, against %s; a scrape 15 s before would have shown %s.",
                mib(rise.bytes()),
                mib(rise.top()),
                rise.millis(),
                of.theLimit(),
                of.hit() == null ? mib(rise.before()) : percent(rise.before(), of.limit()));
    }

    private static @Nullable String leak(Evidence of) {
        Shape used = of.detail(Recording.UNRECLAIMABLE);
        boolean grew = used.samples() > 0 && used.perSecond() > 0 && used.straight() >= STRAIGHT;
        if (!grew || of.hit() == null || used.grown() < of.limit() / 50 || used.highestAtMs() < -LEAK_MS) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "Leak: it grew steadily by %s a minute and reached %s; from 50 %% to 100 %% of it takes %.0f s at that "
                        + "rate, so that a higher limit only puts it off.",
                mib(Math.round(used.perSecond() * 60)),
                of.theLimit(),
                of.limit() / 2.0 / used.perSecond());
    }

    private static @Nullable String dirtyCache(Evidence of) {
        Shape dirty = of.detail("file_dirty_bytes");
        Shape writeback = of.detail("file_writeback_bytes");
        long unclean = dirty.highest() + writeback.highest();
        if (dirty.samples() == 0 || of.hit() == null || unclean < of.limit() / 5) {
            return null;
        }
        return "Page cache that could not be written in time: " + mib(unclean) + " of " + of.theLimit()
                + " were dirty or being written. Look at the disk, or write with less buffering.";
    }

    private static String unknown(Evidence of) {
        Shape used = of.detail(Recording.UNRECLAIMABLE);
        if (used.samples() == 0) {
            return "Can't tell: it was killed before its memory was looked at.";
        }
        return "Can't tell: it used up to " + mib(used.highest()) + " that could not be reclaimed, against "
                + of.theLimit() + ", and neither jumped nor grew steadily in the last minute.";
    }
}
