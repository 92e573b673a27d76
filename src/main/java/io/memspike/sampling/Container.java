package io.memspike.sampling;

import io.memspike.cgroup.CgroupReader;
import io.memspike.cgroup.MemoryStat;
import io.memspike.cgroup.Value;
import io.memspike.pod.CgroupName;
import io.memspike.pod.ContainerName;
import io.memspike.process.Footprint;
import io.memspike.process.Workloads;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one workload, over all the cgroups that it has lived in: the last sample, the extremes of the
 * window, the counters, the raw samples. Written by the sampler; any thread may {@link #copyTo copy} what is published.
 */
public final class Container implements Workloads.Workload {
    private static final Field[] WINDOWED = {
        Field.CURRENT, Field.WORKING_SET, Field.ANON_RISK, Field.UNRECLAIMABLE, Field.HEADROOM
    };

    /** Whether its series are shown; {@link Naming} decides. */
    enum Visibility {
        /** For its name. */
        WAITING,
        SHOWN,
        /** A sandbox, or excluded by an option. */
        HIDDEN
    }

    private static final int LOW = 4;
    private static final int STALLED = 5;
    private static final int SERIES = 6;

    private volatile About about;
    private final PeakWindows windows;
    private final long[] values = new long[Field.COUNT];
    private final Published published = new Published(Field.COUNT);
    private volatile @Nullable History history;
    private volatile @Nullable Footprint footprint;
    private byte[] statText = {};
    private int statLength;
    private long nearSince = Value.ABSENT;
    /** The second of the last {@link #derive}. */
    private long derivedSecond = Long.MIN_VALUE;
    /** Whether a counter or an extreme has moved that isn't published yet. */
    private boolean counted;

    /** The cgroup that it lives in now. Null once that is gone. */
    @Nullable
    Level live;

    /** When its last cgroup went, in nanoseconds of the monotonic clock. */
    long goneAt;

    /** Whether it is one: a plain cgroup that never had a process is no workload. */
    boolean workload;

    Visibility visibility = Visibility.WAITING;

    /** The inode of its last cgroup: of two, the one that was made later has the higher. */
    long inode;

    /** Whether its cgroup has a memory.max of its own. */
    boolean hasOwnLimit;

    /** When it was first seen, in nanoseconds of the monotonic clock. */
    final long bornAt;

    /**
     * Who it is.
     *
     * @param named what it is called and belongs to; null while that isn't known
     * @param path of its last cgroup, below the root of cgroup v2
     * @param cgroup what that path says
     */
    public record About(Identity identity, @Nullable ContainerName named, String path, CgroupName cgroup) {}

    Container(Identity identity, String path, CgroupName cgroup, int windowSeconds, long now) {
        this.about = new About(identity, null, path, cgroup);
        this.bornAt = now;
        this.windows = new PeakWindows(SERIES, windowSeconds);

        Arrays.fill(values, Value.ABSENT);
        values[Field.NEAR_LIMIT_NANOS.ordinal()] = 0;
        values[Field.NEAR_LIMIT_ENTRIES.ordinal()] = 0;
        published.write(values);
    }

    public About about() {
        return about;
    }

    Identity identity() {
        return about.identity;
    }

    /** Copies what is published, consistent as a whole: {@link Field#COUNT} values in the order of {@link Field}. */
    public void copyTo(long[] into, int offset) {
        published.copyTo(into, offset);
        Footprint of = footprint;
        if (of != null) {
            copyFootprint(of, into, offset);
        }
    }

    private static void copyFootprint(Footprint of, long[] into, int offset) {
        System.arraycopy(of.shares(), 0, into, offset + Field.PSS.ordinal(), Footprint.PARTS);
        into[offset + Field.PSS_AGE_MILLIS.ordinal()] = (System.nanoTime() - of.atNanos()) / 1_000_000;
        into[offset + Field.PROCESSES.ordinal()] = of.processes();
        // What anyone may read stands in where the true share can't be had; both would be twice the series.
        if (of.shares()[Footprint.PSS] == Footprint.UNKNOWN) {
            into[offset + Field.RSS_ANON.ordinal()] = of.rssAnon();
            into[offset + Field.RSS_SHMEM.ordinal()] = of.rssShmem();
        }
    }

    @Override
    public void footprint(Footprint latest) {
        // Without a history it is gone, and so are the processes that were looked at. None may mean that none was seen.
        footprint = history == null || latest.processes() == 0 ? null : latest;
    }

    /** The raw samples of the last minute; null once the container is gone. */
    public @Nullable History history() {
        return history;
    }

    /** Whether a field says what is so now, and so is absent once the container is gone or sampling stands still. */
    public static boolean isOfNow(Field field) {
        return field.ordinal() < Field.LIMIT.ordinal();
    }

    /** Takes in the tick's sample of the cgroup it lives in. */
    void sampled(Level level, long now) {
        record(level, now);
        derive(level, now);
    }

    /**
     * The same for a sample that is as the one before, as most are: there is nothing to derive, but once a second for
     * the window to move on.
     */
    void sampledUnchanged(Level level, long now) {
        record(level, now);
        boolean near = nearSince != Value.ABSENT;
        if (counted || near || now / 1_000_000_000L != derivedSecond) {
            derive(level, now);
        }
    }

    private void record(Level level, long now) {
        workload |= level.hadProcess;
        History record = history;
        if (record != null) {
            record.add(level, now);
        }
    }

    private void derive(Level level, long now) {
        long[] stat = level.stat;
        long current = level.current;
        set(Field.CURRENT, current);
        set(Field.WORKING_SET, Risk.workingSet(current, stat));
        set(Field.ANON_RISK, Risk.anonRisk(current, stat));
        set(Field.UNRECLAIMABLE, level.unreclaimable);
        set(Field.ANON, stat[MemoryStat.ANON]);
        set(Field.FILE, stat[MemoryStat.FILE]);
        set(Field.SHMEM, stat[MemoryStat.SHMEM]);
        set(Field.KERNEL, stat[MemoryStat.KERNEL]);
        set(Field.LIFETIME_PEAK, level.peak);
        Level nearest = level.nearestLimit();
        set(Field.HEADROOM, nearest == null ? Value.ABSENT : nearest.headroom);
        long limit = level.limit();
        set(Field.LIMIT, Value.isNumber(limit) ? limit : Value.ABSENT);
        hasOwnLimit = Value.isNumber(level.max);
        near(nearest != null && Risk.nearLimit(nearest.headroom, nearest.max), now);
        windows(now);
        derivedSecond = now / 1_000_000_000L;
        counted = false;
        published.write(values);
    }

    private void windows(long now) {
        windows.advance(now / 1_000_000_000L);
        for (int i = 0; i < WINDOWED.length; i++) {
            long value = values[WINDOWED[i].ordinal()];
            windows.accept(i, i == LOW && value != Value.ABSENT ? -value : value);
        }
        peaks();
    }

    private void peaks() {
        set(Field.CURRENT_PEAK, windows.highest(0));
        set(Field.WORKING_SET_PEAK, windows.highest(1));
        set(Field.ANON_RISK_PEAK, windows.highest(2));
        set(Field.UNRECLAIMABLE_PEAK, windows.highest(3));
        long low = windows.highest(LOW);
        set(Field.HEADROOM_LOW, low == Value.ABSENT ? low : -low);
        set(Field.STALLED_PEAK_PPM, windows.highest(STALLED));
    }

    /** The time from one sample to the next counts as near the limit when both ends were. */
    private void near(boolean near, long now) {
        if (!near) {
            nearSince = Value.ABSENT;
            return;
        }
        if (nearSince == Value.ABSENT) {
            values[Field.NEAR_LIMIT_ENTRIES.ordinal()]++;
        } else {
            values[Field.NEAR_LIMIT_NANOS.ordinal()] += now - nearSince;
        }
        nearSince = now;
    }

    /** @param ppm millionths of the last interval in which every task stood still */
    void stalled(long ppm, long now) {
        windows.advance(now / 1_000_000_000L);
        windows.accept(STALLED, ppm);
        counted = true;
    }

    /** Keeps memory.stat as it was read just now: the next read may come too late. */
    void keepStat(CgroupReader read) {
        statText = read.copyText(statText);
        statLength = read.textLength();
    }

    /** memory.stat in full as it was when it was last kept; empty when it never was. */
    byte[] statText() {
        return Arrays.copyOf(statText, statLength);
    }

    /** What its processes took at the last look at them; null when nothing is known. */
    public @Nullable Footprint footprint() {
        return footprint;
    }

    /** Adds to a counter; the first call, with 0 too, makes it one. */
    void add(Field counter, long delta) {
        int at = counter.ordinal();
        values[at] = Math.max(0, values[at]) + delta;
        counted = true;
    }

    void killed(long kills, long incidents, long epochMillis) {
        add(Field.OOM_KILLS, kills);
        add(Field.OOM_INCIDENTS, incidents);
        set(Field.LAST_KILL_EPOCH_MILLIS, epochMillis);
        workload = true;
        // It may be gone already: then no sample comes any more that would publish it.
        published.write(values);
    }

    /**
     * Its cgroup is gone. What was so at the last sample is not so any more and becomes absent; extremes, limit and
     * counters stay, so that the spike that killed it is still scraped. The history's memory is given back.
     */
    void gone(long now) {
        live = null;
        goneAt = now;
        nearSince = Value.ABSENT;
        for (Field field : Field.values()) {
            if (isOfNow(field)) {
                set(field, Value.ABSENT);
            }
        }
        history = null;
        footprint = null;
        published.write(values);
    }

    /** Its series go on under these names. */
    void rename(Identity identity, ContainerName named) {
        about = new About(identity, named, about.path, about.cgroup);
    }

    boolean isExposed() {
        return workload && visibility == Visibility.SHOWN;
    }

    /** Takes over all that was seen of another, which was this one all along, in a later life. */
    void absorb(Container later) {
        if (later.live != null || live == null) {
            goOnAs(later);
        }
        windows.merge(later.windows);
        for (int i = Field.NEAR_LIMIT_NANOS.ordinal(); i <= Field.OOM_INCIDENTS.ordinal(); i++) {
            if (later.values[i] != Value.ABSENT) {
                values[i] = Math.max(0, values[i]) + later.values[i];
            }
        }
        for (Field last : new Field[] {Field.LAST_KILL_EPOCH_MILLIS, Field.LIMIT, Field.LIFETIME_PEAK}) {
            long value = later.values[last.ordinal()];
            set(last, value == Value.ABSENT ? values[last.ordinal()] : value);
        }
        workload |= later.workload;
        peaks();
        published.write(values);
    }

    private void goOnAs(Container later) {
        about = new About(about.identity, later.about.named, later.about.path, later.about.cgroup);
        nearSince = later.nearSince;
        history = later.history;
        live = later.live;
        goneAt = later.goneAt;
        inode = later.inode;
        hasOwnLimit = later.hasOwnLimit;
        if (live != null) {
            live.container = this;
        }
    }

    /** It lives again, in another cgroup. */
    void reborn(Level level, History.Size size) {
        live = level;
        counted = true;
        if (history == null) {
            history = new History(size);
        }
    }

    private void set(Field field, long value) {
        values[field.ordinal()] = value;
    }
}
