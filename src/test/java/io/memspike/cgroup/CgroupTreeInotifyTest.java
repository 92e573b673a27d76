package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.linux.Inotify;
import io.memspike.testkit.CgroupFiles;
import io.memspike.testkit.InotifyOverflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With inotify: changes are told without another walk. */
class CgroupTreeInotifyTest {
    @TempDir
    Path root;

    private CgroupFiles files;
    private Inotify inotify;
    private CgroupTree tree;
    private final Changes changes = new Changes();

    @BeforeEach
    void watchAnEmptyTree() throws IOException {
        files = new CgroupFiles(root);
        inotify = Inotify.open();
        tree = new CgroupTree(root, inotify, changes);
        assertThat(tree.isWatching()).isFalse();
        tree.walk();
        assertThat(tree.isWatching()).isTrue();
    }

    @AfterEach
    void close() {
        inotify.close();
    }

    @Test
    void shouldTellParentsFirstWhenTheyAppearAndLastWhenTheyVanish() {
        files.mkdir("/pod").mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.remove("/pod/a");
        awaitChanges("-/pod/a");
        files.mkdir("/pod/b");
        awaitChanges("+/pod/b");
        files.remove("/pod");
        awaitChanges("-/pod/b", "-/pod");
        assertThat(changes.appeared).allMatch(CgroupDir::isFresh);
    }

    /** The two lower ones are made before anyone can watch the directory above them. */
    @Test
    void shouldTellOfEachOnceWhenThreeLevelsAreMadeAtOnce() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            files.mkdir("/" + i + "/pod/a");
            expected.addAll(List.of("+/" + i, "+/" + i + "/pod", "+/" + i + "/pod/a"));
        }
        awaitChanges(expected.toArray(String[]::new));
        tree.walk();
        assertThat(changes.take()).isEmpty();
    }

    @Test
    void shouldBeAnotherLifeWhenThePathHasAnotherInode() {
        files.mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.remake("/pod/a");
        awaitLast("+/pod/a");
        assertThat(changes.take().stream().filter(change -> !change.contains(".next")))
                .containsExactly("-/pod/a", "+/pod/a");
    }

    @Test
    void shouldTellWhoseWhenMemoryEventsIsModified() {
        files.mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.current("/pod/a", 7).events("/pod", 0, 1, 0, 0);
        awaitLast("e/pod");
        assertThat(changes.take()).contains("e/pod").doesNotContain("e/pod/a");
    }

    @Test
    void shouldTellWhoseWhenAProcessCameOrWent() {
        files.mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.write("/pod/a", "cgroup.events", "populated 1\n");
        awaitLast("p/pod/a");
        assertThat(changes.take()).containsOnly("p/pod/a");
    }

    @Test
    void shouldTellAtOnceWhenTheMemoryControllerIsEnabled() {
        files.mkdir("/pod").mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.write("/pod/a", "memory.current", "0\n").write("/pod", "cgroup.subtree_control", "memory\n");
        awaitChanges("m/pod/a");
    }

    @Test
    void shouldWalkWhenTheKernelHasLostEvents() throws IOException {
        InotifyOverflow.provoke(root);
        files.mkdir("/unheard/of");
        awaitChanges("+/unheard", "+/unheard/of");
    }

    @Test
    void shouldLeaveNoWatchBehindWhenCgroupsVanish() throws IOException {
        assertThat(watches()).isEqualTo(1);
        files.mkdir("/pod/a");
        awaitChanges("+/pod", "+/pod/a");
        files.mkdir("/pod/b");
        awaitChanges("+/pod/b");
        assertThat(watches()).isEqualTo(4);
        files.remake("/pod").remove("/pod");
        awaitLast("-/pod");
        assertThat(watches()).isEqualTo(1);
    }

    /** As the kernel has it, of all inotify instances of this process. */
    private static long watches() throws IOException {
        long count = 0;
        try (var descriptors = Files.list(Path.of("/proc/self/fdinfo"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.exists(descriptor)) {
                    count += Files.readAllLines(descriptor).stream()
                            .filter(line -> line.startsWith("inotify wd:"))
                            .count();
                }
            }
        }
        return count;
    }

    private void awaitChanges(String... expected) {
        await().untilAsserted(() -> {
            tree.await(50);
            assertThat(changes.seen).containsExactly(expected);
        });
        changes.take();
    }

    private void awaitLast(String expected) {
        await().until(() -> {
            tree.await(50);
            return !changes.seen.isEmpty()
                    && changes.seen.get(changes.seen.size() - 1).equals(expected);
        });
    }
}
