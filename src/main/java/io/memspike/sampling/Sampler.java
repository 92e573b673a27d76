package io.memspike.sampling;

import io.memspike.linux.Meminfo;
import io.memspike.linux.Outcome;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The tick loop: reads what is due of every level, at a fixed rate. A tick that comes late is skipped and counted,
 * never made up for. Everything it touches is its own thread's; others hand levels in by a queue and copy what is
 * published out.
 *
 * <p>A tick allocates nothing and takes no lock.
 */
public final class Sampler {

    private static final long SECOND = 1_000_000_000L;

    /**
     * How often, and at what cost.
     *
     * @param intervalNanos from tick to tick
     * @param detailIntervalNanos from one read of memory.stat to the next, of a container that isn't idle
     * @param cpuShare of one core that the sampler may use
     * @param windowSeconds over which extremes are taken
     */
    public record Schedule(long intervalNanos, long detailIntervalNanos, double cpuShare, int windowSeconds) {}

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final TickTimes tickTimes = new TickTimes();
    private final Heartbeat heartbeat = new Heartbeat();
    private final SourceErrors errors;
    private final Population population;
    private final Kills kills;
    private final LevelReader reader;
    private final CpuBudget budget;

    private final AtomicLong ticks = new AtomicLong();
    private final AtomicLong lateTicks = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private volatile long intervalNanos;

    private long secondBegan;
    private long cpuAtSecond;
    private long ticksAtSecond;

    public Sampler(Schedule schedule, Path procfs, Naming naming, Kill.Listener kills, SourceErrors errors) {
        this.errors = errors;
        this.intervalNanos = schedule.intervalNanos();
        population = new Population(
                schedule.windowSeconds(),
                History.Size.of(schedule.intervalNanos(), schedule.detailIntervalNanos()),
                naming);
        this.kills = new Kills(System::currentTimeMillis, kills);
        reader = new LevelReader(schedule.detailIntervalNanos(), new Meminfo(procfs), errors, this.kills);
        budget = new CpuBudget(schedule.cpuShare(), schedule.intervalNanos());
    }

    public void start() {
        Thread thread = new Thread(this::run, "memspike-sampler");
        thread.setDaemon(true);
        thread.start();
    }

    /** Hands over a level to sample; its parent must have been handed over before. Any thread. */
    void add(Level level) {
        commands.add(() -> population.add(level, System.nanoTime()));
    }

    /** Hands over that a cgroup was removed. Any thread. */
    void removed(Level level) {
        commands.add(() -> {
            level.gone = true;
            retireGone(System.nanoTime());
        });
    }

    /** Hands over that a cgroup is sampled no longer though it is still there. Any thread. */
    void release(Level level) {
        commands.add(() -> population.remove(level, System.nanoTime()));
    }

    /** The containers that readers see. Never changed once given out. */
    public List<Container> containers() {
        return population.exposed();
    }

    public TickTimes tickTimes() {
        return tickTimes;
    }

    public SourceErrors errors() {
        return errors;
    }

    public Heartbeat heartbeat() {
        return heartbeat;
    }

    /** From tick to tick now, in nanoseconds: longer than asked for when the CPU budget demands it. */
    public long intervalNanos() {
        return intervalNanos;
    }

    public long ticks() {
        return ticks.get();
    }

    /** Ticks that were skipped because the one before them, or the machine, took too long. */
    public long lateTicks() {
        return lateTicks.get();
    }

    /** Reads of a container's memory.current. */
    public long samples() {
        return samples.get();
    }

    private void run() {
        long due = System.nanoTime();
        secondBegan = due;
        cpuAtSecond = threads.getCurrentThreadCpuTime();
        while (true) {
            long now = System.nanoTime();
            long skipped = (now - due) / intervalNanos;
            if (skipped > 0) {
                lateTicks.addAndGet(skipped);
                due += skipped * intervalNanos;
            }
            tickSafely(now);
            due += intervalNanos;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
        }
    }

    private void tickSafely(long now) {
        try {
            tick(now);
            heartbeat.at("");
            heartbeat.beat();
        } catch (RuntimeException e) {
            // A defect of ours, outside any one container: the heartbeat stops, and health checks say so.
            errors.count(SourceErrors.Other.DEFECT, Outcome.FAILED, () -> "in a tick: " + trace(e));
        }
        tickTimes.add(System.nanoTime() - now);
        ticks.incrementAndGet();
    }

    /** One tick; the test of its allocation calls it too. */
    void tick(long now) {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        reader.readNode(now);
        List<Level> levels = population.levels();
        long sampled = 0;
        boolean anyGone = false;
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            try {
                sampled += sample(level, now);
            } catch (RuntimeException e) {
                // A defect of ours on one container: the others are sampled on.
                errors.count(SourceErrors.Other.DEFECT, Outcome.FAILED, () -> level + ": " + trace(e));
            }
            anyGone |= level.gone;
        }
        samples.addAndGet(sampled);
        if (anyGone) {
            retireGone(now);
        }
        population.publish(now);
        if (now - secondBegan >= SECOND) {
            keepToBudget(now);
        }
    }

    private int sample(Level level, long now) {
        heartbeat.at(level.toString());
        reader.read(level, now);
        Container container = level.container;
        if (level.gone || container == null || container.live != level) {
            return 0;
        }
        if (level.changed) {
            container.sampled(level, now);
        } else {
            container.sampledUnchanged(level, now);
        }
        return 1;
    }

    private static String trace(RuntimeException e) {
        return e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
    }

    private void retireGone(long now) {
        List<Level> levels = population.levels();
        List<Level> before = List.copyOf(levels);
        for (Level level : before) {
            if (!level.gone) {
                continue;
            }
            if (level.container != null) {
                kills.removed(level, before, reader::readEvents);
            }
            population.remove(level, now);
        }
    }

    private void keepToBudget(long now) {
        long cpu = threads.getCurrentThreadCpuTime();
        intervalNanos = budget.interval(cpu - cpuAtSecond, ticks.get() - ticksAtSecond);
        secondBegan = now;
        cpuAtSecond = cpu;
        ticksAtSecond = ticks.get();
    }
}
