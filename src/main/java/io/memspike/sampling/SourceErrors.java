package io.memspike.sampling;

import io.memspike.cgroup.Source;
import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every read that didn't give what it should: counted first, by source and outcome, and logged once for each distinct
 * error, so that a tick loop can't flood a log. Any thread may count and read.
 */
public final class SourceErrors implements Failures {
    private static final Logger LOG = LoggerFactory.getLogger(SourceErrors.class);
    /** A tree of hostile names must not fill memory with what was logged. */
    private static final int MOST_LOGGED = 1000;

    /** What is not a file of a cgroup. */
    public enum Other {
        MEMINFO,
        TREE,
        INOTIFY,
        /** A fault of this program, not of a file. */
        DEFECT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int OUTCOMES = Outcome.values().length;

    /** For each source, a count for each outcome. */
    private final Map<String, AtomicLongArray> counts = new ConcurrentSkipListMap<>();

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** Receives each count that isn't 0. */
    public interface Visitor {
        void visit(String source, String outcome, long count);
    }

    void count(Source source, Outcome outcome, Supplier<String> where) {
        count(source.file(), outcome, where);
    }

    void count(Other source, Outcome outcome, Supplier<String> where) {
        count(source.label(), outcome, where);
    }

    @Override
    public void count(String source, Outcome outcome, Supplier<String> where) {
        counts.computeIfAbsent(source, unseen -> new AtomicLongArray(OUTCOMES)).incrementAndGet(outcome.ordinal());
        if (logged.size() < MOST_LOGGED) {
            String what = where.get();
            if (logged.add(source + outcome + what)) {
                LOG.warn(
                        "{} {}: {} (logged once; memspike_source_errors_total counts on)",
                        source,
                        outcome.label(),
                        what);
            }
        }
    }

    /** In the order of their names. */
    public void forEach(Visitor visitor) {
        counts.forEach((source, count) -> {
            for (Outcome outcome : Outcome.values()) {
                if (count.get(outcome.ordinal()) > 0) {
                    visitor.visit(source, outcome.label(), count.get(outcome.ordinal()));
                }
            }
        });
    }
}
