package io.memspike.oom;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import io.memspike.oom.Incident.Series;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The incidents of this node, as files in a folder; of each a summary is in memory. While the folder can't be written,
 * the newest are in memory only, and go to the folder with the first incident for which it can. Any thread may use it:
 * adding waits for the disk and for who adds before, reading waits for nobody.
 */
public final class IncidentStore {
    /** As label {@code source} of failures. */
    private static final String SOURCE = "incidents";

    private static final int MOST_IN_MEMORY = 50;
    private static final Series NOTHING = new Series(new long[0], Map.of());

    private static final Comparator<Known> NEWEST_FIRST = Comparator.comparingLong((Known each) -> each.summary.atMs())
            .thenComparing(each -> each.summary.id())
            .reversed();

    /** What to keep at most; the oldest go first. The age is looked at with each incident. */
    public record Bounds(int files, long bytes, Duration age) {
        public static final Bounds STANDARD = new Bounds(200, 64 << 20, Duration.ofDays(30));
    }

    /**
     * One incident.
     *
     * @param bytes of its file
     * @param unsaved all of it, for as long as it has no file
     */
    private record Known(
            Incident summary, long bytes, @Nullable Incident unsaved) {}

    private final IncidentFolder folder;
    private final Bounds bounds;
    private final InstantSource clock;
    private final Failures failures;

    private volatile List<Known> newestFirst = List.of();
    private volatile boolean working;
    private boolean loaded;

    /** Reads what is in the folder, and says (once) when that can't be. */
    public IncidentStore(Path folder, Bounds bounds, InstantSource clock, Failures failures) {
        this.folder = new IncidentFolder(folder);
        this.bounds = bounds;
        this.clock = clock;
        this.failures = failures;
        saveAndPublish(new ArrayList<>());
    }

    /** Keeps it. The id must be fit for the name of a file: letters and digits, within it {@code . _ -}. */
    public synchronized void add(Incident incident) {
        if (!IncidentFolder.isId(incident.id())) {
            throw new IllegalArgumentException("an incident's id must be fit for a file's name");
        }
        List<Known> all = new ArrayList<>(newestFirst);
        all.removeIf(each -> each.summary.id().equals(incident.id()));
        all.add(new Known(summary(incident), 0, incident));
        saveAndPublish(all);
    }

    /** Summaries: {@code memoryStat}, {@code ticks} and {@code details} are empty, {@link #find} has them. */
    public List<Incident> newestFirst() {
        return newestFirst.stream().map(Known::summary).toList();
    }

    /** All of one of {@link #newestFirst}; null of any other id, and when its file can't be read any more. */
    public @Nullable Incident find(String id) {
        for (Known each : newestFirst) {
            if (each.summary.id().equals(id)) {
                return each.unsaved != null ? each.unsaved : load(folder.file(each.summary.id()));
            }
        }
        return null;
    }

    /** Whether what comes now outlives this process, as far as is known. */
    public boolean isWorking() {
        return working;
    }

    private synchronized void saveAndPublish(List<Known> all) {
        try {
            folder.check();
            if (!loaded) {
                all.addAll(load());
                loaded = true;
            }
            all.sort(NEWEST_FIRST);
            for (int i = 0; i < all.size(); i++) {
                Known each = all.get(i);
                if (each.unsaved != null) {
                    all.set(i, new Known(each.summary, folder.write(each.unsaved), null));
                }
            }
            working = true;
        } catch (IOException e) {
            working = false;
            failures.count(
                    SOURCE,
                    outcome(e),
                    () -> IncidentFolder.printable(folder.path().toString()) + " " + IncidentFolder.why(e)
                            + "; the newest incidents are kept in memory only, and don't survive a restart");
        }
        all.sort(NEWEST_FIRST);
        newestFirst = withinBounds(all);
    }

    private List<Known> load() throws IOException {
        List<Known> all = new ArrayList<>();
        for (Path file : folder.files()) {
            Incident incident = load(file);
            if (incident != null) {
                all.add(new Known(summary(incident), Files.size(file), null));
            }
        }
        return all;
    }

    private @Nullable Incident load(Path file) {
        try {
            return IncidentFolder.read(file);
        } catch (NoSuchFileException e) {
            // Somebody took it away, as they may.
            return null;
        } catch (IOException e) {
            count(e, file);
            return null;
        }
    }

    private List<Known> withinBounds(List<Known> all) {
        long oldest = clock.millis() - bounds.age.toMillis();
        List<Known> kept = new ArrayList<>();
        long bytes = 0;
        int unsaved = 0;
        for (Known each : all) {
            bytes += each.bytes;
            unsaved += each.unsaved == null ? 0 : 1;
            boolean fits = kept.size() < bounds.files
                    && bytes <= bounds.bytes
                    && each.summary.atMs() >= oldest
                    && (each.unsaved == null || unsaved <= MOST_IN_MEMORY);
            if (fits) {
                kept.add(each);
            } else if (each.unsaved == null) {
                delete(folder.file(each.summary.id()));
            }
        }
        return List.copyOf(kept);
    }

    private void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            count(e, file);
        }
    }

    private void count(IOException e, Path file) {
        failures.count(
                SOURCE,
                outcome(e),
                () -> IncidentFolder.printable(file.toString()) + ": " + IncidentFolder.why(e) + "; it is left alone");
    }

    private static Outcome outcome(IOException e) {
        if (e instanceof Malformed) {
            return Outcome.MALFORMED;
        }
        return e instanceof AccessDeniedException
                ? Outcome.DENIED
                : e instanceof NoSuchFileException ? Outcome.ABSENT : Outcome.FAILED;
    }

    private static Incident summary(Incident of) {
        return new Incident(
                of.id(),
                of.atMs(),
                of.subject(),
                of.kills(),
                of.group(),
                of.limits(),
                of.victim(),
                of.processes(),
                Map.of(),
                NOTHING,
                NOTHING,
                of.verdict());
    }
}
