package io.memspike.pod;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Names from the kubelet of this node: its {@code GET /pods} has all pods that it runs, those that have just ended, and
 * what nobody else here knows: images, owners, and the memory that they asked for. It costs the API server nothing, and
 * needs {@code get} on {@code nodes/pods} (before Kubernetes 1.33: on {@code nodes/proxy}).
 *
 * <p>The kubelet has no watch. It is asked when a name is wanted, at most once a second, and every 30 s; while it fails,
 * after 1, 2, 4 and then every 8 s. What was learnt stays until a whole new list is there.
 */
public final class Kubelet implements NameSource {
    public static final String LABEL = "kubelet";

    private final Settings settings;
    private final Failures failures;
    private final Pace pace;
    private final KubeletClient client;
    private final Thread thread = new Thread(this::run, "memspike-kubelet");

    private volatile PodList pods = PodList.EMPTY;
    private volatile long version;
    private volatile boolean working;
    private volatile boolean wanted;

    /**
     * How to ask.
     *
     * @param base {@code https://10.0.0.5:10250}; plain http gets no token unless the host is loopback, as the read-only
     *     port of old is. Null or empty: there is no kubelet
     * @param tokenFile a service account's, read anew for each request, because it is replaced within the hour; without
     *     such a file the kubelet is asked without a token
     * @param caFile certificates in PEM by which the kubelet's own is verified, read anew when it has changed; null for
     *     those that Java trusts
     * @param insecureSkipVerify accepts any certificate of anybody: whoever can answer at that address gets the token
     */
    public record Settings(
            @Nullable URI base,
            @Nullable Path tokenFile,
            @Nullable Path caFile,
            boolean insecureSkipVerify) {}

    /**
     * How often, and how patiently.
     *
     * @param least between two requests
     * @param most between two requests while they fail
     * @param regular between two requests when nobody wants any
     * @param deadline for a whole request
     */
    record Pace(Duration least, Duration most, Duration regular, Duration deadline) {
        static final Pace USUAL =
                new Pace(Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(30), Duration.ofSeconds(10));
    }

    public Kubelet(Settings settings, Failures failures) {
        this(settings, failures, Pace.USUAL);
    }

    Kubelet(Settings settings, Failures failures, Pace pace) {
        this.settings = settings;
        this.failures = failures;
        this.pace = pace;
        this.client = new KubeletClient(settings, pace.deadline());
        thread.setDaemon(true);
    }

    @Override
    public String label() {
        return LABEL;
    }

    @Override
    public void start() {
        if (isAvailable()) {
            thread.start();
        }
    }

    @Override
    public @Nullable ContainerName find(CgroupName cgroup) {
        String id = cgroup.containerId();
        return id == null ? null : pods.containers().get(id);
    }

    @Override
    public boolean knowsPod(String uid) {
        return pods.podUids().contains(uid);
    }

    @Override
    public void wanted() {
        // Once for each request: to wake a thread is a system call.
        if (!wanted) {
            wanted = true;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public boolean isAvailable() {
        return settings.base() != null && !settings.base().toString().isEmpty();
    }

    @Override
    public boolean isWorking() {
        return working;
    }

    private void run() {
        long least = pace.least().toNanos();
        long pause = least;
        while (true) {
            // Before it asks: what appears meanwhile may not be in the answer.
            wanted = false;
            working = ask();
            if (working) {
                rest(least);
                pause = least;
            } else {
                wanted = true;
                rest(pause);
                pause = Math.min(2 * pause, pace.most().toNanos());
            }
        }
    }

    private boolean ask() {
        try {
            publish(client.pods());
            return true;
        } catch (KubeletFailure e) {
            failures.count(LABEL, e.outcome(), () -> String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // A defect of ours, or of what we call: the thread must outlive it.
            failures.count(LABEL, Outcome.FAILED, e::toString);
        }
        return false;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone writes it
    void publish(PodList now) {
        if (!now.equals(pods)) {
            pods = now;
            version++;
        }
    }

    private void rest(long nanos) {
        long began = System.nanoTime();
        while (true) {
            long left = (wanted ? nanos : pace.regular().toNanos()) - (System.nanoTime() - began);
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }
}
