package io.memspike.sampling;

import io.memspike.cgroup.Source;
import io.memspike.linux.Outcome;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every read that didn't give what it should: counted first, by source and outcome, and logged once for each distinct
 * error, so that a tick loop can't flood a log. Any thread may count and read.
 */
public final class SourceErrors {
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
    private static final int SOURCES = Source.values().length;

    private final AtomicLongArray counts = new AtomicLongArray((SOURCES + Other.values().length) * OUTCOMES);
    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /** Receives each count that isn't 0. */
    public interface Visitor {
        void visit(String source, String outcome, long count);
    }

    void count(Source source, Outcome outcome, Supplier<String> where) {
        count(source.ordinal(), source.file(), outcome, where);
    }

    void count(Other source, Outcome outcome, Supplier<String> where) {
        count(SOURCES + source.ordinal(), source.label(), outcome, where);
    }

    private void count(int source, String label, Outcome outcome, Supplier<String> where) {
        counts.incrementAndGet(source * OUTCOMES + outcome.ordinal());
        if (logged.size() < MOST_LOGGED) {
            String what = where.get();
            if (logged.add(label + outcome + what)) {
                LOG.warn(
                        "{} {}: {} (logged once; memspike_source_errors_total counts on)",
                        label,
                        outcome.label(),
                        what);
            }
        }
    }

    public void forEach(Visitor visitor) {
        for (int source = 0; source < counts.length() / OUTCOMES; source++) {
            String label = source < SOURCES ? Source.values()[source].file() : Other.values()[source - SOURCES].label();
            for (Outcome outcome : Outcome.values()) {
                long count = counts.get(source * OUTCOMES + outcome.ordinal());
                if (count > 0) {
                    visitor.visit(label, outcome.label(), count);
                }
            }
        }
    }
}
