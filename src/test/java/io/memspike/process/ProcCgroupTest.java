package io.memspike.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcCgroupTest {
    @ParameterizedTest
    @CsvSource({
        "0::/\\n, /",
        "0::/a b/c.scope\\n, /a b/c.scope",
        "0::/../../kubepods.slice/x\\n, /../../kubepods.slice/x",
        "0::/a.scope (deleted)\\n, /a.scope",
        "0::/a (deleted)/b\\n, /a (deleted)/b",
        "1:name=systemd:/init.scope\\n0::/a\\n, /a",
        "12:memory:/v1\\n10::/x\\n0::/a\\n, /a",
    })
    void shouldReadThePathOfCgroup2(String text, String path) {
        assertThat(path(text)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\n", "0::/cut", "0::\\n", "0::a\\n", "4:memory:/a\\n", "x0::/a\\n"})
    void shouldHaveNoneWhenItIsNotInTheKernelsForm(String text) {
        assertThat(path(text)).isNull();
    }

    @Test
    void shouldReadNamesThatAreNotAscii() {
        assertThat(path("0::/größe.scope\\n")).isEqualTo("/größe.scope");
    }

    private static String path(String text) {
        byte[] bytes = text.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
        return ProcCgroup.path(bytes, bytes.length);
    }
}
