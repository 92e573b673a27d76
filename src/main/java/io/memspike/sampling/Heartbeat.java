package io.memspike.sampling;

/** When a thread last said that it is getting on. Any thread may ask how long ago that was. */
public final class Heartbeat {
    /** Beyond this a thread that should beat several times a second stands still: blocked in a read, or dead. */
    public static final long STALLED_NANOS = 5_000_000_000L;

    private volatile long last = System.nanoTime();
    private volatile String at = "";

    void beat() {
        last = System.nanoTime();
    }

    /** Says what is being done now: where it stands still, if it does. */
    void at(String where) {
        at = where;
    }

    public String at() {
        return at;
    }

    /** For how long it has stood still, in nanoseconds; 0 while it is getting on. */
    public long stalledNanos() {
        long silent = System.nanoTime() - last;
        return silent > STALLED_NANOS ? silent : 0;
    }
}
