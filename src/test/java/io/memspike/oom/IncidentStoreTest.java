package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.memspike.linux.Failures;
import io.memspike.oom.IncidentStore.Bounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentStoreTest {
    private static final InstantSource NOW = InstantSource.fixed(Instant.ofEpochMilli(Incidents.AT_MS));

    @TempDir
    Path top;

    private Path folder;
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(top.resolve("incidents"));
    }

    @Test
    void shouldKeepIncidentsInFilesThatOnlyTheOwnerMayRead() throws IOException {
        store().add(incident(1));
        assertThat(names()).containsExactly("i1.json");
        assertThat(Files.readString(folder.resolve("i1.json"))).isEqualTo(Incidents.json(incident(1)));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("i1.json"))))
                .isEqualTo("rw-------");
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldKnowThemAgainAfterARestart() {
        IncidentStore before = store();
        assertThat(before.newestFirst()).isEmpty();
        Stream.of(2, 1, 3).map(IncidentStoreTest::incident).forEach(before::add);
        for (IncidentStore store : List.of(before, store())) {
            assertThat(ids(store)).containsExactly("i3", "i2", "i1");
            assertThat(store.newestFirst())
                    .allMatch(each -> each.ticks().atMs().length == 0
                            && each.details().columns().isEmpty()
                            && each.memoryStat().isEmpty());
            assertThat(store.find("i2")).usingRecursiveComparison().isEqualTo(incident(2));
            assertThat(store.isWorking()).isTrue();
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldReplaceAnIncidentThatIsAddedAgain() {
        IncidentStore store = store();
        store.add(incident(1));
        store.add(Incidents.named("i1", Incidents.AT_MS));
        assertThat(ids(store)).containsExactly("i1");
        assertThat(store.find("i1").atMs()).isEqualTo(Incidents.AT_MS);
    }

    @Test
    void shouldRemoveTheOldestBeyondTheNumber() throws IOException {
        IncidentStore store = store(new Bounds(2, Long.MAX_VALUE, Duration.ofDays(1)));
        Stream.of(1, 2, 3, 0).map(IncidentStoreTest::incident).forEach(store::add);
        assertThat(ids(store)).containsExactly("i3", "i2");
        assertThat(names()).containsExactly("i2.json", "i3.json");
        assertThat(store.find("i1")).isNull();
    }

    @Test
    void shouldRemoveTheOldestBeyondTheSize() throws IOException {
        long size = Incidents.json(incident(1)).length();
        IncidentStore store = store(new Bounds(9, 3 * size - 1, Duration.ofDays(1)));
        Stream.of(1, 2, 3).map(IncidentStoreTest::incident).forEach(store::add);
        assertThat(names()).containsExactly("i2.json", "i3.json");
        assertThat(ids(store(new Bounds(9, size, Duration.ofDays(1))))).containsExactly("i3");
        assertThat(names()).containsExactly("i3.json");
    }

    @Test
    void shouldRemoveWhatIsTooOldAtTheStart() throws IOException {
        IncidentStore before = store();
        Stream.of(1, 5, 9).map(IncidentStoreTest::incident).forEach(before::add);
        assertThat(ids(store(new Bounds(9, Long.MAX_VALUE, Duration.ofMillis(75)))))
                .containsExactly("i9", "i5");
        assertThat(names()).containsExactly("i5.json", "i9.json");
    }

    @Test
    void shouldSkipDamagedAndForeignFilesAndLeaveThemAlone() throws IOException {
        store().add(incident(1));
        Files.writeString(
                folder.resolve("damaged.json"), Incidents.json(incident(2)).substring(0, 900));
        Files.writeString(folder.resolve("renamed.json"), Incidents.json(incident(2)));
        Files.writeString(folder.resolve("odd\nname"), "of somebody");
        Files.createDirectory(folder.resolve("folder.json"));
        Files.createSymbolicLink(folder.resolve("link.json"), folder.resolve("i1.json"));
        assertThat(ids(store(new Bounds(1, 0x10_0000, Duration.ofDays(1))))).containsExactly("i1");
        assertThat(names())
                .containsExactly("damaged.json", "folder.json", "i1.json", "link.json", "odd\nname", "renamed.json");
        assertThat(failures.stream().sorted().map(line -> line.replace(folder.toString(), "F")))
                .containsExactly(
                        "incidents malformed F/damaged.json: no JSON, or cut off; it is left alone",
                        "incidents malformed F/folder.json: no regular file; it is left alone",
                        "incidents malformed F/link.json: no regular file; it is left alone",
                        "incidents malformed F/odd?name: no JSON, or cut off; it is left alone",
                        "incidents malformed F/renamed.json: an incident whose id isn't the file's name;"
                                + " it is left alone");
    }

    @Test
    void shouldRemoveWhatACrashLeftOver() throws IOException {
        Files.writeString(folder.resolve(".i1.json.tmp"), "{");
        assertThat(ids(store())).isEmpty();
        assertThat(names()).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldKeepTheNewestInMemoryWhileThereIsNoFolderAndSaveThemOnceThereIs() throws IOException {
        Files.delete(folder);
        IncidentStore store = store();
        assertThat(store.isWorking()).isFalse();
        for (int i = 10; i < 70; i++) {
            store.add(incident(i));
        }
        assertThat(ids(store)).hasSize(50).startsWith("i69").endsWith("i20");
        assertThat(store.find("i20")).usingRecursiveComparison().isEqualTo(incident(20));
        assertThat(failures).hasSize(61);
        assertThat(failures.stream().distinct())
                .containsExactly("incidents absent " + folder + " does not exist; the newest incidents are kept in"
                        + " memory only, and don't survive a restart");
        makeFolder();
        store.add(incident(70));
        assertThat(store.isWorking()).isTrue();
        assertThat(names()).hasSize(51);
        assertThat(ids(store())).hasSize(51);
        assertThat(store.find("i20")).usingRecursiveComparison().isEqualTo(incident(20));
    }

    @Test
    void shouldSayThatTheFolderIsNone() throws IOException {
        Path file = Files.createFile(top.resolve("file"));
        IncidentStore store = new IncidentStore(file, Bounds.STANDARD, NOW, recorder());
        store.add(incident(1));
        assertThat(store.find("i1")).isNotNull();
        assertThat(store.isWorking()).isFalse();
        assertThat(failures)
                .hasSize(2)
                .allMatch(line -> line.startsWith("incidents failed " + file + " is no folder;"));
    }

    /** Of one write alone that fails, which a full disk is too. */
    @Test
    void shouldLeaveNoPartOfAFileThatCouldNotBeWritten() throws IOException {
        IncidentStore store = store();
        Files.createDirectories(folder.resolve("i1.json/x"));
        store.add(incident(1));
        assertThat(store.isWorking()).isFalse();
        assertThat(names()).containsExactly("i1.json");
        assertThat(store.find("i1")).usingRecursiveComparison().isEqualTo(incident(1));
        Files.delete(folder.resolve("i1.json/x"));
        Files.delete(folder.resolve("i1.json"));
        store.add(incident(2));
        assertThat(store.isWorking()).isTrue();
        assertThat(ids(store())).containsExactly("i2", "i1");
    }

    @Test
    void shouldKeepIncidentsInMemoryWhileTheDiskIsFull() throws Exception {
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder.toString()))
                .as("may mount")
                .isZero();
        try {
            IncidentStore store = store();
            Files.write(folder.resolve("other"), new byte[12 << 10]);
            store.add(incident(1));
            assertThat(names()).containsExactly("other");
            assertThat(store.find("i1")).isNotNull();
            assertThat(failures).singleElement().asString().contains("No space left on device; the newest");
            Files.delete(folder.resolve("other"));
            store.add(incident(2));
            assertThat(names()).containsExactly("i1.json", "i2.json");
            assertThat(run("mount", "-o", "remount,ro", folder.toString())).isZero();
            store.add(incident(3));
            assertThat(ids(store)).containsExactly("i3", "i2", "i1");
            assertThat(failures).hasSize(2).last().asString().contains("Read-only file system; the newest");
        } finally {
            run("umount", folder.toString());
        }
    }

    @Test
    void shouldFindNothingWhenItsFileWasTakenAway() throws IOException {
        IncidentStore store = store();
        store.add(incident(1));
        Files.delete(folder.resolve("i1.json"));
        assertThat(store.find("i1")).isNull();
        assertThat(ids(store)).containsExactly("i1");
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldFindNothingByAHostileId() throws IOException {
        Files.writeString(top.resolve("x.json"), Incidents.json(Incidents.named("x", 0)));
        IncidentStore store = store();
        store.add(incident(1));
        for (String id : List.of("", ".", "..", "../x", "/", "i1.json", "i1\0", "I1", "x".repeat(1 << 20), "\ud800")) {
            assertThat(store.find(id)).as("%.20s", id).isNull();
        }
        assertThat(store.find("../incidents/i1")).isNull();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldRefuseAnIdThatIsNotFitForAFile() throws IOException {
        IncidentStore store = store();
        for (String id : List.of("", ".", ".a", "-a", "../x", "a/b", "a\0", "a\n", "é", "x".repeat(201))) {
            assertThatIllegalArgumentException()
                    .as("%.20s", id)
                    .isThrownBy(() -> store.add(Incidents.named(id, Incidents.AT_MS)));
        }
        store.add(Incidents.named("x".repeat(200), Incidents.AT_MS));
        assertThat(names()).hasSize(1);
    }

    @Test
    void shouldShowWholeIncidentsOnlyWhileOthersAreAddedAndRemoved() {
        IncidentStore store = store(new Bounds(3, Long.MAX_VALUE, Duration.ofDays(1)));
        store.add(incident(1));
        CompletableFuture<Void> adding = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < 300; i++) {
                store.add(Incidents.named("n" + i % 7, Incidents.AT_MS + i));
            }
        });
        ConcurrentSkipListSet<String> found = new ConcurrentSkipListSet<>();
        while (!adding.isDone()) {
            for (Incident each : store.newestFirst()) {
                Incident whole = store.find(each.id());
                // One that was removed meanwhile isn't found.
                if (whole != null) {
                    assertThat(whole.ticks().atMs()).hasSize(131);
                    found.add(whole.id());
                }
            }
        }
        adding.join();
        assertThat(found).isNotEmpty();
        assertThat(failures).isEmpty();
        assertThat(ids(store)).containsExactly("n5", "n4", "n3");
    }

    private IncidentStore store() {
        return store(Bounds.STANDARD);
    }

    private IncidentStore store(Bounds bounds) {
        return new IncidentStore(folder, bounds, NOW, recorder());
    }

    private Failures recorder() {
        return (source, outcome, what) -> failures.add(source + " " + outcome.label() + " " + what.get());
    }

    /** Number i, of 10 ms each, and all of them within the last second. */
    private static Incident incident(int i) {
        return Incidents.named("i" + i, Incidents.AT_MS - 100 + 10L * i);
    }

    private static List<String> ids(IncidentStore store) {
        return store.newestFirst().stream().map(Incident::id).toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(IncidentFolder::name).sorted().toList();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor();
    }
}
