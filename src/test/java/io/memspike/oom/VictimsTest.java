package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.oom.Incident.Victim;
import org.junit.jupiter.api.Test;

class VictimsTest {
    private long now = 1_000_000;
    private final Victims victims = new Victims(() -> now);

    @Test
    void shouldGiveTheFirstVictimThatLivedThereAndTheOthersToNobodyElse() {
        add(1, "/pod/a");
        add(2, "/pod/a/child");
        add(3, "/pod/b");
        assertThat(pid(victims.take("/pod/a", now))).isEqualTo(1);
        assertThat(victims.take("/pod/a", now)).as("of the same kill").isNull();
        assertThat(pid(victims.take("/pod/b", now))).isEqualTo(3);
    }

    @Test
    void shouldNotGiveOneThatDiedAtAnotherTime() {
        add(1, "/pod/a");
        assertThat(victims.take("/pod/a", now + 6_000)).isNull();
        assertThat(pid(victims.take("/pod/a", now + 4_000))).isEqualTo(1);
    }

    @Test
    void shouldNotTakeANameThatOnlyBeginsAlike() {
        add(1, "/pod/ab");
        assertThat(victims.take("/pod/a", now)).isNull();
    }

    @Test
    void shouldForgetTheOldest() {
        for (int pid = 1; pid <= 300; pid++) {
            add(pid, "/pod/" + pid);
        }
        assertThat(victims.take("/pod/1", now)).isNull();
        assertThat(pid(victims.take("/pod/300", now))).isEqualTo(300);
    }

    private void add(int pid, String cgroup) {
        victims.add(new OomReport(0, new Victim(pid, "app", 1, 2, 3, 0, "/pod", cgroup), false));
    }

    private static int pid(Victim victim) {
        return victim.pid();
    }
}
