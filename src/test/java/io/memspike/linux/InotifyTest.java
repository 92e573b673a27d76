package io.memspike.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.memspike.testkit.InotifyOverflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InotifyTest {
    private record Event(int watch, String what, String name) {}

    @TempDir
    Path dir;

    private Inotify inotify;
    private final List<Event> events = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        inotify = Inotify.open();
    }

    @AfterEach
    void close() {
        inotify.close();
    }

    @Test
    void shouldTellOfEachWhenEntriesAreMadeModifiedAndRemoved() throws IOException {
        int watch = inotify.watch(dir);
        Files.createDirectory(dir.resolve("pod"));
        Files.createFile(dir.resolve("memory.events"));
        Files.writeString(dir.resolve("memory.events"), "low 0\n", StandardOpenOption.APPEND);
        Files.delete(dir.resolve("pod"));
        awaitEvents(
                new Event(watch, "create", "pod"),
                new Event(watch, "create", "memory.events"),
                new Event(watch, "modify", "memory.events"),
                new Event(watch, "delete", "pod"));
    }

    @Test
    void shouldTellWhichDirectoryWhenSeveralAreWatched() throws IOException {
        Path one = Files.createDirectory(dir.resolve("one"));
        Path two = Files.createDirectory(dir.resolve("two"));
        int first = inotify.watch(one);
        int second = inotify.watch(two);
        assertThat(second).isNotEqualTo(first);
        assertThat(inotify.watch(one)).as("watched already").isEqualTo(first);
        Files.createDirectory(two.resolve("ü-\u4e2d"));
        Files.createDirectory(one.resolve("x".repeat(255)));
        awaitEvents(new Event(second, "create", "ü-\u4e2d"), new Event(first, "create", "x".repeat(255)));
    }

    @Test
    void shouldTellNothingMoreWhenUnwatched() throws IOException {
        Path one = Files.createDirectory(dir.resolve("one"));
        int first = inotify.watch(one);
        inotify.unwatch(first);
        inotify.unwatch(first);
        int second = inotify.watch(dir);
        Files.createDirectory(one.resolve("unseen"));
        Files.createDirectory(dir.resolve("seen"));
        awaitEvents(new Event(second, "create", "seen"));
    }

    @Test
    void shouldReturnWithoutEventsWhenNothingHappens() throws IOException {
        inotify.watch(dir);
        inotify.poll(1, this::take);
        assertThat(events).isEmpty();
    }

    @Test
    void shouldRefuseWhenItIsNoDirectory() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), dir);
        assertThatThrownBy(() -> inotify.watch(file)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> inotify.watch(link)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> inotify.watch(dir.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("errno 2");
    }

    @Test
    void shouldTellOfTheOverflowWhenTheKernelsQueueWasFull() throws IOException {
        inotify.watch(dir);
        InotifyOverflow.provoke(dir);
        await().until(() -> {
            inotify.poll(100, this::take);
            return events.stream().anyMatch(event -> event.what.equals("overflow"));
        });
    }

    private void awaitEvents(Event... expected) {
        await().untilAsserted(() -> {
            inotify.poll(100, this::take);
            assertThat(events).containsExactly(expected);
        });
    }

    private void take(int watch, int mask, String name) {
        String what = (mask & Inotify.OVERFLOW) != 0
                ? "overflow"
                : (mask & Inotify.CREATE) != 0
                        ? "create"
                        : (mask & Inotify.DELETE) != 0 ? "delete" : (mask & Inotify.MODIFY) != 0 ? "modify" : "";
        if (!what.isEmpty()) {
            events.add(new Event(watch, what, name));
        }
    }
}
