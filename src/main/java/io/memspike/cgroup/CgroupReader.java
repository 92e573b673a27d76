package io.memspike.cgroup;

import io.memspike.linux.Outcome;
import io.memspike.linux.ReadBuffer;

/**
 * Reads the files of any cgroup through one buffer and one set of parsers, and allocates nothing. Owned by one thread.
 * It reports; what follows from an outcome is decided by who asked.
 */
public final class CgroupReader {
    private final ReadBuffer buffer = new ReadBuffer();
    private final FlatKeyed stat = MemoryStat.parser();
    private final FlatKeyed events = MemoryEvents.parser();
    private final FlatKeyed cgroupEvents = new FlatKeyed(1, "populated");
    private final long[] populated = new long[1];
    private long value = Value.ABSENT;

    /** Reads a file of one value; {@link #value()} has it when the outcome is OK, and is absent otherwise. */
    public Outcome single(Cgroup cgroup, Source source) {
        value = Value.ABSENT;
        Outcome outcome = cgroup.read(source, buffer);
        if (outcome != Outcome.OK) {
            return outcome;
        }
        value = SingleValue.parse(buffer.bytes(), buffer.length());
        if (value == Value.UNLIMITED && !source.isLimit()) {
            value = Value.ABSENT;
        }
        return value == Value.ABSENT ? Outcome.MALFORMED : Outcome.OK;
    }

    /** What the last {@link #single} read. */
    public long value() {
        return value;
    }

    /**
     * Reads memory.stat.
     *
     * @param values receives {@link MemoryStat#COUNT} values, when the outcome is OK or MALFORMED (all absent)
     */
    public Outcome stat(Cgroup cgroup, long[] values) {
        Outcome outcome = cgroup.read(Source.STAT, buffer);
        return outcome == Outcome.OK ? stat.parse(buffer.bytes(), buffer.length(), values) : outcome;
    }

    /** Copies what was last read as it was, into an array that is made anew only when it is too small. */
    public byte[] copyText(byte[] into) {
        byte[] text = into.length < buffer.length() ? new byte[buffer.length() * 2] : into;
        System.arraycopy(buffer.bytes(), 0, text, 0, buffer.length());
        return text;
    }

    /** How long that is. */
    public int textLength() {
        return buffer.length();
    }

    /**
     * Reads memory.events.
     *
     * @param values receives {@link MemoryEvents#COUNT} values, when the outcome is OK or MALFORMED (all absent)
     */
    public Outcome events(Cgroup cgroup, long[] values) {
        Outcome outcome = cgroup.read(Source.EVENTS, buffer);
        return outcome == Outcome.OK ? events.parse(buffer.bytes(), buffer.length(), values) : outcome;
    }

    /**
     * Reads memory.pressure: never more often than every 100 ms, see {@link Pressure}.
     *
     * @param values receives {@link Pressure#COUNT} values, when the outcome is OK or MALFORMED (all absent)
     */
    public Outcome pressure(Cgroup cgroup, long[] values) {
        Outcome outcome = cgroup.read(Source.PRESSURE, buffer);
        return outcome == Outcome.OK ? Pressure.parse(buffer.bytes(), buffer.length(), values) : outcome;
    }

    /** Whether a process lives in the cgroup or below it; {@link #value()} is 1 or 0 when the outcome is OK. */
    public Outcome populated(Cgroup cgroup) {
        Outcome outcome = cgroup.read(Source.POPULATED, buffer);
        if (outcome == Outcome.OK) {
            outcome = cgroupEvents.parse(buffer.bytes(), buffer.length(), populated);
        }
        value = outcome == Outcome.OK ? populated[0] : Value.ABSENT;
        return outcome;
    }
}
