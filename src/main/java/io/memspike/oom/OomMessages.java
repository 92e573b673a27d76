package io.memspike.oom;

import io.memspike.oom.Incident.Victim;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds kills among the kernel's messages (mm/oom_kill.c, mm/memcontrol.c; the same from Linux 6.1 to 7.3):
 *
 * <pre>
 * oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/pod,task_memcg=/pod/a,task=tool,pid=173,uid=0
 * Memory cgroup out of memory: Killed process 173 (tool) total-vm:62644kB, anon-rss:61056kB, file-rss:0kB, ...
 * Tasks in /pod/a are going to be killed due to memory.oom.group set
 * Memory cgroup out of memory: Killed process 173 (tool) ...
 * Memory cgroup out of memory: Killed process 174 (tool) ...
 * </pre>
 *
 * All of one decision is logged under a lock, so two never mix. The first line isn't there for more than ten
 * decisions in five seconds; the last three are for memory.oom.group only, and tell of the first victim again.
 *
 * <p>A process chooses its name, up to 15 bytes of anything, and whoever was delegated a cgroup chooses the names below
 * it. {@code Killed process} is therefore read from its end, where there are figures; by its name, {@code oom-kill:} is
 * read from the end too; and before the first path there is no slash but that of {@code cpuset=/}, the root's.
 *
 * <p>Owned by one thread.
 */
final class OomMessages {
    /** More than the kernel takes from one line to the next, on a serial console too. */
    private static final long TOGETHER_USEC = 1_000_000;
    /** Two paths of PATH_MAX. */
    private static final int LONGEST = 8192;

    private static final Pattern DECISION = Pattern.compile("oom-kill:.*,pid=\\d+,uid=\\d+");
    private static final Pattern CGROUPS = Pattern.compile("oom-kill:[^/]*,(?:cpuset=/,[^/]*,)?"
            + "(?:global_oom|oom_memcg=(?<limit>/.*?)(?=,task_memcg=\\k<limit>(?:/|$))),task_memcg=(?<task>/.*)");
    private static final Pattern GROUP =
            Pattern.compile("Tasks in (/.*) are going to be killed due to memory\\.oom\\.group set");
    private static final Pattern KILLED = Pattern.compile("(?<cause>Memory cgroup out|Out) of memory[^:]*: "
            + "Killed process (?<pid>\\d{1,9}) \\((?<name>.*)\\) total-vm:\\d+kB, anon-rss:(?<anon>\\d{1,12})kB, "
            + "file-rss:(?<file>\\d{1,12})kB, shmem-rss:(?<shmem>\\d{1,12})kB,.* oom_score_adj:(?<adj>-?\\d{1,4})");

    /** Where a kill happened, as the log has it; empty where it doesn't say. */
    private record Cgroups(String limit, String task) {
        static final Cgroups UNKNOWN = new Cgroups("", "");
    }

    /** A line that is not complete, because another one came between. */
    private String open = "";

    private String decision = "";
    private Cgroups cgroups = Cgroups.UNKNOWN;
    /** Whether those of {@link #cgroups} are killed together. */
    private boolean group;

    private int lastPid;
    /** Of the victim that was reported before the group of which it is. */
    private int reportedPid;

    private long lastUsec;

    /** A report when this message is the last one of a kill. */
    @Nullable
    OomReport accept(KernelMessage message) {
        if (!message.fromKernel()) {
            return null;
        }
        if (message.usec() - lastUsec > TOGETHER_USEC) {
            forget();
        }
        String text = message.continues() ? open + message.text() : message.text();
        Matcher killed = KILLED.matcher(text);
        Matcher together = GROUP.matcher(text);
        if (killed.matches()) {
            lastUsec = message.usec();
            return report(message.usec(), killed);
        }
        if (DECISION.matcher(text).matches()) {
            forget();
            decision = text;
        } else if (together.matches()) {
            // A second group without a decision of its own is of another cgroup.
            String limit = group ? "" : cgroups.limit;
            cgroups = new Cgroups(limit, KernelMessage.unescaped(together.group(1)));
            group = true;
            reportedPid = lastPid;
            open = "";
        } else if (text.length() < LONGEST && (text.startsWith("oom-kill:") || text.startsWith("Tasks in "))) {
            open = text;
        } else {
            return null;
        }
        lastUsec = message.usec();
        return null;
    }

    private void forget() {
        open = "";
        decision = "";
        cgroups = Cgroups.UNKNOWN;
        group = false;
    }

    private @Nullable OomReport report(long usec, Matcher killed) {
        lastPid = Integer.parseInt(killed.group("pid"));
        if (group && lastPid == reportedPid) {
            return null;
        }
        if (!group) {
            cgroups = decided(killed.group("name"), lastPid);
        }
        Victim victim = new Victim(
                lastPid,
                KernelMessage.unescaped(killed.group("name")),
                Long.parseLong(killed.group("anon")) * 1024,
                Long.parseLong(killed.group("file")) * 1024,
                Long.parseLong(killed.group("shmem")) * 1024,
                Integer.parseInt(killed.group("adj")),
                cgroups.limit,
                cgroups.task);
        return new OomReport(usec, victim, killed.group("cause").equals("Out"));
    }

    /** What the decision says, when it is for this process. */
    private Cgroups decided(String name, int pid) {
        int end = decision.lastIndexOf(",task=" + name + ",pid=" + pid + ",uid=");
        Matcher found = CGROUPS.matcher(decision.substring(0, Math.max(end, 0)));
        if (!found.matches()) {
            return Cgroups.UNKNOWN;
        }
        String limit = found.group("limit");
        return new Cgroups(
                limit == null ? "" : KernelMessage.unescaped(limit), KernelMessage.unescaped(found.group("task")));
    }
}
