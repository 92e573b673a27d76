package io.memspike.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFileTest {
    @TempDir
    private Path directory;

    private final Text text = new Text();
    private Path path;
    private long value = 1_000;

    @BeforeEach
    void choosePath() {
        path = directory.resolve("memory.current");
    }

    @Test
    void shouldLeaveNoRestOfTheOldContentWhenTheNewIsShorter() throws IOException {
        try (LiveFile file = open()) {
            value = 7;
            file.update(text);

            assertThat(path).hasContent("7\n");
        }
    }

    @Test
    void shouldKeepTheSameFileWhenItIsRewritten() throws IOException {
        try (LiveFile file = open()) {
            Object before = Files.getAttribute(path, "fileKey");
            value = 123_456;
            file.update(text);

            assertThat(path).hasContent("123456\n");
            assertThat(Files.getAttribute(path, "fileKey")).isEqualTo(before);
        }
    }

    @Test
    void shouldWriteNothingWhenTheVersionIsTheSame() throws IOException {
        try (LiveFile file = open()) {
            Files.writeString(path, "untouched");

            file.update(text);

            assertThat(path).hasContent("untouched");
        }
    }

    @Test
    void shouldRefuseWhenThereIsSuchAFileAlready() throws IOException {
        Files.createFile(path);

        assertThatThrownBy(this::open).isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void shouldRemoveTheFileWhenDeleted() throws IOException {
        open().delete();

        assertThat(path).doesNotExist();
    }

    private LiveFile open() throws IOException {
        return new LiveFile(path, () -> value, line -> line.put(value).newline(), text);
    }
}
