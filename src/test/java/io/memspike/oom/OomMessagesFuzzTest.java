package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Order;

/** See ParserFuzzTest in {@code cgroup} for how to fuzz. */
@Order(Integer.MAX_VALUE)
class OomMessagesFuzzTest {
    private static final int MOST_TASK_NAME = 15;

    /** Records as they come, one a line; what is reported has sane values. */
    @FuzzTest(maxDuration = "60s")
    void records(byte[] log) {
        OomMessages messages = new OomMessages();
        for (String line : new String(log, StandardCharsets.ISO_8859_1).split("\n(?! )", -1)) {
            byte[] record = line.getBytes(StandardCharsets.ISO_8859_1);
            KernelMessage message = KernelMessage.parse(record, record.length);
            OomReport report = message == null ? null : messages.accept(message);
            if (report != null) {
                assertThat(report.victim().pid()).isNotNegative();
                assertThat(report.victim().anonRssBytes()).isNotNegative();
                assertThat(report.victim().taskMemcg()).matches("(?s)|/.*");
                assertThat(report.victim().oomMemcg()).matches("(?s)|/.*");
            }
        }
    }

    /** Whatever a process is called and whatever its cgroup, below one that isn't its own. */
    @FuzzTest(maxDuration = "60s")
    void names(FuzzedDataProvider data) {
        String name = escaped(data.consumeBytes(MOST_TASK_NAME));
        String cgroup = "/pod/" + escaped(data.consumeRemainingAsBytes()).replace("\\x0a", "");
        OomMessages messages = new OomMessages();
        assertThat(accept(
                        messages,
                        "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/pod,"
                                + "task_memcg=" + cgroup + ",task=" + name + ",pid=173,uid=0"))
                .isNull();
        OomReport report = accept(
                messages,
                "Memory cgroup out of memory: Killed process 173 (" + name + ") total-vm:1kB, anon-rss:2kB, "
                        + "file-rss:3kB, shmem-rss:4kB, UID:0 pgtables:5kB oom_score_adj:-6");
        assertThat(report)
                .isEqualTo(new OomReport(
                        5_000_000,
                        new Incident.Victim(
                                173,
                                KernelMessage.unescaped(name),
                                2048,
                                3072,
                                4096,
                                -6,
                                "/pod",
                                KernelMessage.unescaped(cgroup)),
                        false));
    }

    /** There and back again; the kernel's msg_print_ext_body(). */
    @FuzzTest(maxDuration = "60s")
    void escapes(byte[] text) {
        assertThat(KernelMessage.unescaped(escaped(text))).isEqualTo(new String(text, StandardCharsets.UTF_8));
    }

    private static OomReport accept(OomMessages messages, String text) {
        byte[] record = ("3,1,5000000,-;" + text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] buffer = Arrays.copyOf(record, record.length + 8);
        KernelMessage message = KernelMessage.parse(buffer, record.length);
        assertThat(message).isNotNull();
        return messages.accept(message);
    }

    private static String escaped(byte[] text) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : text) {
            boolean plain = each >= ' ' && each < 127 && each != '\\';
            escaped.append(plain ? String.valueOf((char) each) : String.format("\\x%02x", each));
        }
        return escaped.toString();
    }
}
