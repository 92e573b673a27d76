package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As in a locked-down pod: no root, nothing to write to. */
final class RestrictedIT {
    @TempDir
    Path temp;

    @Test
    void shouldWorkWhenRunByNobodyInADirectoryItCanNotWrite() throws IOException {
        Node.copy(Node.K8S, temp);
        try (ShippedJar jar = Nobody.runs(ShippedJar.on(temp), temp).ready()) {
            await().atMost(ShippedJar.PATIENCE)
                    .untilAsserted(() -> assertThat(jar.scrape().value("memspike_containers"))
                            .isEqualTo(17));
            assertThat(jar.scrape().value("memspike_feature_enabled", "inotify"))
                    .isEqualTo(1);
            assertThat(jar.errorLines()).hasSize(1);
        }
    }

    @Test
    void shouldWalkInsteadOfWatchingWhenThereIsNowhereToUnpackJna() throws IOException {
        Node node = Node.copy(Node.SMALL, temp);
        Path readOnly = Files.createDirectory(temp.resolve("read-only"));
        Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
        try (ShippedJar jar = Nobody.runs(ShippedJar.on(temp).jvm("-Djava.io.tmpdir=" + readOnly), temp)
                .ready()) {
            assertThat(jar.scrape().value("memspike_feature_enabled", "inotify"))
                    .isZero();
            assertThat(jar.errorLines())
                    .filteredOn(line -> line.contains("inotify"))
                    .hasSize(1);
            // Itself, inotify, and the kernel's log.
            assertThat(jar.errorLines()).hasSize(3);

            node.make(Node.CALM, "/system.slice/new.service");
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> jar.scrape().has("memspike_memory_current_bytes", "/system.slice/new.service"));
            node.remove("/system.slice/new.service");
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> !jar.scrape().has("memspike_memory_current_bytes", "/system.slice/new.service"));
            assertThat(jar.errorLines()).hasSize(3);
        }
    }
}
