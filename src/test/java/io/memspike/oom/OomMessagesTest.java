package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.oom.Incident.Victim;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OomMessagesTest {
    private static final String END =
            " total-vm:62644kB, anon-rss:61056kB, file-rss:4kB, shmem-rss:524kB, UID:0 pgtables:156kB oom_score_adj:-5";

    private final OomMessages messages = new OomMessages();
    private long usec = 5_000_000;

    @Test
    void shouldHaveTheFiguresInBytesWhenAProcessWasKilled() {
        assertThat(reports(decision("/pod", "/pod/a", "tool", 173), killed(173, "tool")))
                .containsExactly(new OomReport(
                        5_000_002,
                        new Victim(173, "tool", 61056 * 1024, 4 * 1024, 524 * 1024, -5, "/pod", "/pod/a"),
                        false));
    }

    @Test
    void shouldHaveNoCgroupWhenTheDecisionWasNotLogged() {
        assertThat(victims(killed(173, "tool"))).containsExactly("173 tool  ");
    }

    @Test
    void shouldHaveNoCgroupWhenTheDecisionWasForAnother() {
        assertThat(victims(decision("/pod", "/pod/a", "tool", 172), killed(173, "tool")))
                .containsExactly("173 tool  ");
    }

    @Test
    void shouldBeGlobalWhenTheNodeRanOut() {
        List<OomReport> reports = reports(
                "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=a,mems_allowed=0,global_oom,"
                        + "task_memcg=/pod/a,task=tool,pid=173,uid=0",
                "Out of memory: Killed process 173 (tool)" + END,
                "Out of memory (oom_kill_allocating_task): Killed process 174 (tool)" + END);
        assertThat(reports).allMatch(OomReport::global);
        assertThat(reports)
                .extracting(
                        report -> report.victim().oomMemcg() + report.victim().taskMemcg())
                .containsExactly("/pod/a", "");
    }

    @Test
    void shouldReportEachOfAGroupOnceAndTellTheLimitOfAll() {
        assertThat(victims(
                        decision("/pod", "/pod/a/b", "tool", 173),
                        killed(173, "tool"),
                        group("/pod/a"),
                        killed(172, "init"),
                        killed(173, "tool"),
                        killed(174, "tool")))
                .containsExactly("173 tool /pod /pod/a/b", "172 init /pod /pod/a", "174 tool /pod /pod/a");
    }

    @Test
    void shouldTellTheCgroupOfAGroupWhenTheDecisionWasNotLogged() {
        assertThat(victims(
                        decision("/pod", "/pod/a", "tool", 1),
                        killed(1, "tool"),
                        group("/pod/a"),
                        killed(1, "tool"),
                        // Nothing tells that this one isn't of the group before.
                        killed(173, "tool"),
                        group("/pod/b"),
                        killed(173, "tool"),
                        killed(174, "tool")))
                .containsExactly("1 tool /pod /pod/a", "173 tool /pod /pod/a", "174 tool  /pod/b");
    }

    @Test
    void shouldNotTakeAKillForOneOfTheGroupWhenItComesLater() {
        reports(decision("/pod", "/pod/a", "tool", 173), killed(173, "tool"), group("/pod/a"), killed(173, "tool"));
        usec += 1_000_001;
        assertThat(victims(killed(175, "late"))).containsExactly("175 late  ");
    }

    @Test
    void shouldHaveTheCgroupsWhenOtherMessagesCameBetween() {
        assertThat(victims(
                        "-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null)",
                        "-;eth0: link becomes ready",
                        "c;,cpuset=/,mems_allowed=0",
                        "c;,oom_memcg=/pod,task_memcg=/pod/a",
                        "-;eth0: link is down",
                        "c;,task=tool,pid=173,uid=0",
                        "c; of another message",
                        killed(173, "tool"),
                        "-;Tasks in ",
                        "c;/pod/a",
                        "c; are going to be killed due to memory.oom.group set",
                        killed(174, "tool")))
                .containsExactly("173 tool /pod /pod/a", "174 tool /pod /pod/a");
    }

    /** As long as names can be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ",pid=1,uid=0",
                "a,task=b,pid=1",
                ",task=,task=",
                "a) total-vm:1kB",
                ") (",
                "",
                " ",
                "Killed process ",
                "/,task_memcg=/b"
            })
    void shouldReadAllElseRightWhenTheNameLooksLikeAField(String name) {
        assertThat(victims(decision("/pod", "/pod/a", name, 173), killed(173, name)))
                .containsExactly("173 " + name + " /pod /pod/a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pod/x,task_memcg=/other",
                "/pod/x,task_memcg=/pod",
                "/pod/x,task_memcg=/pod,task_memcg=/pod/x",
                "/pod/x,oom_memcg=/other,task_memcg=/other",
                "/pod/x,global_oom,task_memcg=/other",
                "/pod/,task=tool,pid=173,uid=0"
            })
    void shouldReadThePathsRightWhenACgroupLooksLikeAField(String cgroup) {
        assertThat(victims(decision("/pod", cgroup, "tool", 173), killed(173, "tool")))
                .containsExactly("173 tool /pod " + cgroup);
        String same = decision("/pod", cgroup, "tool", 173).replace("oom_memcg=/pod", "oom_memcg=" + cgroup);
        assertThat(victims(same, killed(173, "tool")).get(0))
                .as("nothing but what is below the one that was delegated")
                .matches("173 tool /pod/.* /pod/.*");
    }

    @Test
    void shouldReadThePathsRightWhenTheCpusetLooksLikeAField() {
        String hostile = decision("/pod", "/pod/a", "tool", 173)
                .replace("cpuset=/", "cpuset=x,global_oom,task_memcg=b,oom_memcg=b,task_memcg=b");
        assertThat(victims(hostile, killed(173, "tool"))).containsExactly("173 tool /pod /pod/a");
    }

    @Test
    void shouldUnescapeNamesAndPaths() {
        assertThat(victims(
                        decision("/p\\xc3\\xbc", "/p\\xc3\\xbc/a\\x5cx41", "a\\x0ab\\xff", 173),
                        killed(173, "a\\x0ab\\xff")))
                .containsExactly("173 a\nb\ufffd /pü /pü/a\\x41");
    }

    @Test
    void shouldReportNothingWhenAProcessWroteTheMessage() {
        assertThat(messages.accept(message("12,1,5000000,-;" + killed(173, "tool"))))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "6",
                "6,1,5",
                "6,1,5,-",
                "6,1,5,x;text",
                "6,1,-5,-;text",
                "6,1,9999999999999999999,-;text",
                "9999999999,1,5,-;text",
                "\n6,1,5,-;text"
            })
    void shouldBeNoMessageWhenItIsNotInTheKernelsForm(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(KernelMessage.parse(bytes, bytes.length)).isNull();
    }

    @Test
    void shouldLeaveOutWhatIsKnownOfTheDeviceAndTheCaller() {
        assertThat(message("30,339,5140900,c,caller=T12;text; more\n SUBSYSTEM=net\n DEVICE=n2\n"))
                .isEqualTo(new KernelMessage(5140900, false, true, "text; more"));
    }

    private List<String> victims(String... texts) {
        return reports(texts).stream()
                .map(OomReport::victim)
                .map(each -> each.pid() + " " + each.name() + " " + each.oomMemcg() + " " + each.taskMemcg())
                .toList();
    }

    private List<OomReport> reports(String... texts) {
        return Stream.of(texts)
                .map(text -> text.startsWith("-;") || text.startsWith("c;") ? text : "-;" + text)
                .map(text -> messages.accept(message("6,1," + ++usec + "," + text)))
                .filter(Objects::nonNull)
                .toList();
    }

    private static KernelMessage message(String record) {
        byte[] bytes = record.getBytes(StandardCharsets.ISO_8859_1);
        return KernelMessage.parse(bytes, bytes.length);
    }

    private static String decision(String limit, String cgroup, String name, int pid) {
        return "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=" + limit
                + ",task_memcg=" + cgroup + ",task=" + name + ",pid=" + pid + ",uid=0";
    }

    private static String group(String cgroup) {
        return "Tasks in " + cgroup + " are going to be killed due to memory.oom.group set";
    }

    private static String killed(int pid, String name) {
        return "Memory cgroup out of memory: Killed process " + pid + " (" + name + ")" + END;
    }
}
