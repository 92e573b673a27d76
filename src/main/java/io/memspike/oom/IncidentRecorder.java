package io.memspike.oom;

import io.memspike.cgroup.Value;
import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import io.memspike.oom.Incident.Verdict;
import io.memspike.sampling.Kill;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns kills into incidents, on a thread of its own: waits for the seconds after the kill and for the container's name,
 * takes the samples out of the ring, and hands the record on with its verdict and one line in the log.
 */
public final class IncidentRecorder implements Kill.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentRecorder.class);
    private static final long AFTER_NANOS = 5_000_000_000L;
    /** A name comes within ten seconds, or not at all. */
    private static final long NAMELESS_NANOS = 11_000_000_000L;

    private static final long PAUSE_NANOS = 200_000_000L;

    private final Queue<Kill> noted = new ConcurrentLinkedQueue<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Map<Verdict.Kind, LongAdder> counts = new EnumMap<>(Verdict.Kind.class);
    private final BiFunction<String, Long, Incident.@Nullable Victim> victims;
    private final Consumer<Incident> keeper;
    private final Failures failures;

    /** A kill whose seconds after aren't over; others of the same decision are added to it. */
    private static final class Pending {
        final Kill kill;
        long kills;
        long decisions;

        Pending(Kill kill) {
            this.kill = kill;
        }

        void add(Kill more) {
            kills += more.kills();
            decisions += more.decisions();
        }

        /** One read may see the first kill of a decision, and the next the decision and its other kills. */
        boolean isOneWith(Kill more) {
            return kill.container() == more.container() && (decisions == 0 || more.decisions() == 0);
        }
    }

    /**
     * Makes a recorder.
     *
     * @param victims whom the kernel log names, by the cgroup where it lived and the time of the kill (ms since the
     *     epoch); null when nobody fits
     * @param keeper keeps the record
     */
    public IncidentRecorder(
            BiFunction<String, Long, Incident.@Nullable Victim> victims, Consumer<Incident> keeper, Failures failures) {
        this.victims = victims;
        this.keeper = keeper;
        this.failures = failures;
        for (Verdict.Kind kind : Verdict.Kind.values()) {
            counts.put(kind, new LongAdder());
        }
    }

    public void start() {
        Thread thread = new Thread(this::run, "memspike-incidents");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void killed(Kill kill) {
        noted.add(kill);
    }

    /** How many incidents there were of each kind. Any thread. */
    public Map<Verdict.Kind, LongAdder> counts() {
        return counts;
    }

    private void run() {
        while (true) {
            try {
                step(System.nanoTime());
            } catch (RuntimeException e) {
                failures.count("defect", Outcome.FAILED, () -> "recording an incident: " + e);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Takes in what was noted, and finishes what is due. */
    void step(long now) {
        for (Kill kill = noted.poll(); kill != null; kill = noted.poll()) {
            take(kill);
        }
        for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
            Pending next = each.next();
            if (isDue(next.kill, now)) {
                each.remove();
                finish(next);
            }
        }
    }

    private void take(Kill kill) {
        Pending of = null;
        for (Pending before : pending) {
            of = before.isOneWith(kill) ? before : of;
        }
        if (of == null) {
            of = new Pending(kill);
            pending.add(of);
        }
        of.add(kill);
    }

    private static boolean isDue(Kill kill, long now) {
        boolean named = kill.container().about().named() != null
                || kill.container().about().cgroup().containerId() == null;
        return now - kill.atNanos() >= (named ? AFTER_NANOS : NAMELESS_NANOS);
    }

    private void finish(Pending of) {
        String cgroup = of.kill.levels().get(0).cgroup();
        Incident incident = IncidentMaker.of(of.kill, of.kills, victims.apply(cgroup, of.kill.atMs()));
        counts.getOrDefault(incident.verdict().kind(), new LongAdder()).add(Math.max(1, of.decisions));
        Incident.Subject who = incident.subject();
        LOG.info(
                "{}/{}/{} was killed ({}, {} processes): {} (incident {})",
                who.namespace(),
                who.pod(),
                who.container(),
                incident.verdict().label(),
                incident.kills(),
                incident.verdict().sentence(),
                incident.id());
        keeper.accept(incident);
    }

    static @Nullable Long orNull(long value) {
        return Value.isNumber(value) ? value : null;
    }
}
