package io.memspike.metrics;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The bodies of responses that are not under way. Two are kept, for two Prometheus servers that scrape at once; a
 * third scraper's is made and let go. Any thread.
 */
public final class BodyPool {
    private static final int KEPT = 2;

    private final BlockingQueue<Body> idle = new ArrayBlockingQueue<>(KEPT);

    public Body take() {
        Body body = idle.poll();
        return body == null ? new Body() : body;
    }

    /** Gives a body back. Nothing may read it any more. */
    public void give(Body body) {
        body.clear();
        if (!idle.offer(body)) {
            // Two are kept already: the garbage collector has this one.
            return;
        }
    }
}
