package io.memspike.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.memspike.testkit.CgroupFiles;
import io.memspike.testkit.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without inotify: each walk alone tells of all that has changed since the one before. */
class CgroupTreeWalkTest {
    @TempDir
    Path root;

    private CgroupFiles files;
    private CgroupTree tree;
    private final Changes changes = new Changes();

    @BeforeEach
    void makeTree() {
        files = new CgroupFiles(root);
        tree = new CgroupTree(root, null, changes);
    }

    @Test
    void shouldTellParentsFirstWhenTheyAppearAndLastWhenTheyVanish() {
        files.make("/pods/one/a");
        tree.walk();
        assertThat(changes.take()).containsExactly("+/pods", "+/pods/one", "+/pods/one/a");
        files.remove("/pods");
        tree.walk();
        assertThat(changes.take()).containsExactly("-/pods/one/a", "-/pods/one", "-/pods");
        tree.walk();
        assertThat(changes.take()).isEmpty();
    }

    @Test
    void shouldBeAnotherLifeWhenThePathHasAnotherInode() {
        files.make("/pod").make("/pod/a");
        tree.walk();
        CgroupDir first = changes.appeared.get(1);
        changes.take();
        files.remake("/pod/a");
        tree.walk();
        assertThat(changes.take()).containsExactly("-/pod/a", "+/pod/a");
        assertThat(changes.appeared.get(2)).isNotSameAs(first);
        files.remake("/pod").mkdir("/pod/a");
        tree.walk();
        assertThat(changes.take()).containsExactly("-/pod/a", "-/pod", "+/pod", "+/pod/a");
    }

    /** The number of subdirectories stays the same, which is what a walk looks at before it lists. */
    @Test
    void shouldTellOfBothWhenOneWentAndAnotherCame() {
        files.make("/pod").make("/pod/a");
        tree.walk();
        changes.take();
        files.remove("/pod/a").make("/pod/b");
        tree.walk();
        assertThat(changes.take()).containsExactly("-/pod/a", "+/pod/b");
    }

    @Test
    void shouldSayFreshOnlyOfWhatWasMadeAfterTheFirstWalk() {
        files.make("/old");
        tree.walk();
        files.make("/new");
        files.make("/old/newer");
        tree.walk();
        assertThat(changes.appeared)
                .extracting(CgroupDir::name)
                .containsExactlyInAnyOrder("/old", "/new", "/old/newer");
        assertThat(changes.appeared)
                .allMatch(dir -> dir.isFresh() == !dir.name().equals("/old"));
    }

    @Test
    void shouldSaySoAndGoOnWhenSomebodyNestsTooDeep() {
        files.mkdir("/deep" + "/x".repeat(80)).mkdir("/pod");
        tree.walk();
        assertThat(changes.appeared).hasSize(65).anyMatch(dir -> dir.name().equals("/pod"));
        assertThat(changes.take()).anyMatch(change -> change.startsWith("!"));
    }

    @Test
    void shouldTellOnceWhenTheMemoryControllerIsEnabledLater() {
        files.mkdir("/pod").mkdir("/pod/a");
        tree.walk();
        assertThat(changes.appeared).noneMatch(CgroupDir::hasMemory);
        assertThat(changes.appeared.get(0).hasChildWithMemory()).isFalse();
        changes.take();
        files.make("/pod/a");
        tree.walk();
        assertThat(changes.take()).containsExactly("m/pod/a");
        files.delete("/pod/a", "memory.current");
        tree.walk();
        assertThat(changes.take()).as("switched off, and on again").containsExactly("d/pod/a");
        files.current("/pod/a", 1);
        tree.walk();
        assertThat(changes.take()).containsExactly("m/pod/a");
        assertThat(changes.appeared.get(0).hasChildWithMemory()).isTrue();
        tree.walk();
        assertThat(changes.take()).isEmpty();
    }

    @Test
    void shouldPassOverFilesAndLinksWhenTheyHaveNamesOfDirectories() throws IOException {
        files.make("/pod");
        Files.createSymbolicLink(root.resolve("loop"), root);
        tree.walk();
        assertThat(changes.take()).containsExactly("+/pod");
    }

    @Test
    void shouldTellNothingWhenTheRootIsMissing() {
        new CgroupTree(root.resolve("none"), null, changes).walk();
        assertThat(changes.take()).isEmpty();
    }

    @Test
    void shouldRefuseToWaitWhenThereIsNoInotify() {
        assertThat(tree.isWatching()).isFalse();
        assertThatThrownBy(() -> tree.await(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldFindEveryCgroupWhenANodeWasCaptured() throws IOException {
        Path captured = Fixtures.dir("host/k8s-systemd-6.12/cgroup");
        new CgroupTree(captured, null, changes).walk();
        try (var all = Files.walk(captured)) {
            assertThat(changes.appeared)
                    .extracting(CgroupDir::path)
                    .containsExactlyInAnyOrderElementsOf(all.filter(Files::isDirectory)
                            .filter(path -> !path.equals(captured))
                            .toList());
        }
        assertThat(changes.appeared)
                .allMatch(dir -> dir.hasMemory() == Files.exists(dir.path().resolve("memory.current")));
    }
}
