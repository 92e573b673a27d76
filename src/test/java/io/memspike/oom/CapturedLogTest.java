package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.testkit.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real kernels logged: see test-fixtures/README.md. */
class CapturedLogTest {
    private static final String POD = "/kubepods.slice/kubepods-pod0a1b2c3d_0000_4000_8000_0123456789ab.slice";
    private static final String CONTAINER = POD + "/cri-containerd-" + "a1".repeat(32) + ".scope";

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldTellTheContainersLimitFromThePods(String kernel) {
        assertOne(kernel, "container", "hold", CONTAINER);
        assertOne(kernel, "pod", "hold", POD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldReadTheNameWhenItIsHostile(String kernel) {
        assertOne(kernel, "name-like-fields", "x,pid=1,uid=0,z", CONTAINER);
        assertOne(kernel, "name-like-a-task", "a,task=b,pid=1", CONTAINER);
        assertOne(kernel, "name-like-figures", "a) total-vm:1kB", CONTAINER);
        assertOne(kernel, "name-with-newline", "a\nOut of memory", CONTAINER);
        assertOne(kernel, "name-with-backslash", "\\x41\\ü\ufffd", CONTAINER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldReportThreeWhenAGroupOfThreeWasKilled(String kernel) {
        List<OomReport> reports = reports(kernel, "group");
        assertThat(reports)
                .extracting(report -> report.victim().pid())
                .hasSize(3)
                .doesNotHaveDuplicates();
        assertThat(reports)
                .allMatch(report -> report.victim().oomMemcg().equals(CONTAINER))
                .allMatch(report -> report.victim().taskMemcg().equals(CONTAINER));
        assertThat(reports.stream()
                        .mapToLong(report -> report.victim().anonRssBytes())
                        .sum())
                .as("the limit is 32 MiB")
                .isBetween(30L << 20, 33L << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12", "7.3"})
    void shouldReportAllWhenTheKernelLogsNotAllInFull(String kernel) {
        long inFull = Stream.of(log(kernel, "many"))
                .filter(record -> record.contains(";oom-kill:"))
                .count();
        assertThat(inFull).isBetween(10L, 13L);
        assertThat(reports(kernel, "many"))
                .hasSize(14)
                .areExactly((int) inFull, cgroup(CONTAINER))
                .areExactly(14 - (int) inFull, cgroup(""));
    }

    private static Condition<OomReport> cgroup(String path) {
        return new Condition<>(
                report -> report.victim().oomMemcg().equals(path)
                        && report.victim().taskMemcg().equals(path),
                "in the cgroup '%s'",
                path);
    }

    private static void assertOne(String kernel, String name, String task, String limit) {
        assertThat(reports(kernel, name)).singleElement().satisfies(report -> {
            assertThat(report.global()).isFalse();
            assertThat(report.usec()).isPositive();
            assertThat(report.victim().name()).isEqualTo(task);
            assertThat(report.victim().oomMemcg()).isEqualTo(limit);
            assertThat(report.victim().taskMemcg()).isEqualTo(CONTAINER);
            assertThat(report.victim().anonRssBytes()).as("the limit is 32 MiB").isBetween(30L << 20, 32L << 20);
        });
    }

    private static List<OomReport> reports(String kernel, String name) {
        OomMessages messages = new OomMessages();
        return Stream.of(log(kernel, name))
                .filter(record -> !record.isEmpty())
                .map(record -> record.getBytes(StandardCharsets.ISO_8859_1))
                .map(record -> messages.accept(KernelMessage.parse(record, record.length)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static String[] log(String kernel, String name) {
        return Fixtures.text(Fixtures.dir("kmsg").resolve(kernel).resolve(name)).split("\n(?! )", -1);
    }
}
