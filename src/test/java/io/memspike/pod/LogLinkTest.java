package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogLinkTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String UID = "d0970148-dac4-5119-a876-c5f706dbcae4";

    @Test
    void shouldTakeNamesFromTheLinkAndTheUidFromWhereItPoints() {
        assertThat(LogLink.of(
                        "web-7d4b9c_shop_app-" + ID + ".log", "/var/log/pods/shop_web-7d4b9c_" + UID + "/app/3.log"))
                .isEqualTo(new LogLink("shop", "web-7d4b9c", "app", ID, UID));
    }

    @Test
    void shouldTakeTheHashOfAStaticPod() {
        String hash = "c2c00403c121c3e211de620f80a253c9";
        assertThat(LogLink.of(
                        "etcd-node1_kube-system_etcd-" + ID + ".log",
                        "/var/log/pods/kube-system_etcd-node1_" + hash + "/etcd/0.log"))
                .isEqualTo(new LogLink("kube-system", "etcd-node1", "etcd", ID, hash));
    }

    @Test
    void shouldDoWithoutTheUidWhenItPointsElsewhere() {
        for (String target : new String[] {null, "", "/var/log/pods/" + UID + "/app_0.log", "x/y/z/0.log", "/0.log"}) {
            assertThat(LogLink.of("web_shop_app-" + ID + ".log", target))
                    .as(String.valueOf(target))
                    .isEqualTo(new LogLink("shop", "web", "app", ID, null));
        }
    }

    @Test
    void shouldKeepHyphensAndDotsInNames() {
        assertThat(LogLink.of("a.b-c_d-e_f-g-" + ID + ".log", null))
                .isEqualTo(new LogLink("d-e", "a.b-c", "f-g", ID, null));
    }

    /** The kubelet cuts [pod]_[namespace]_[container]-[id] at 251 characters, and adds .log. */
    @Test
    void shouldTakeWhatIsLeftOfTheIdWhenTheNameWasCut() {
        String pod = "p".repeat(180);
        String name = cut(pod + "_shop_worker-" + ID);
        assertThat(LogLink.of(name, "/var/log/pods/shop_" + pod + "_" + UID + "/worker/0.log"))
                .isEqualTo(new LogLink("shop", pod, "worker", ID.substring(0, 251 - 180 - 13), UID));
    }

    @Test
    void shouldNotTakeThePartOfANameForAnIdWhenTheIdWasCutAway() {
        String pod = "p".repeat(230);
        String name = cut(pod + "_shop_worker-deadbeef-" + ID);
        assertThat(LogLink.of(name, "/var/log/pods/shop_" + pod + "_" + UID + "/worker-deadbeef/0.log"))
                .isNull();
    }

    @Test
    void shouldNotGuessWhenTooLittleOfTheIdIsLeft() {
        String pod = "p".repeat(251 - "_shop_worker-".length() - 7);
        assertThat(LogLink.of(
                        cut(pod + "_shop_worker-" + ID), "/var/log/pods/shop_" + pod + "_" + UID + "/worker/0.log"))
                .isNull();
    }

    @Test
    void shouldNotGuessWhenTheNameWasCutAndItPointsElsewhere() {
        assertThat(LogLink.of(cut("p".repeat(180) + "_shop_worker-" + ID), "/elsewhere"))
                .isNull();
    }

    @Test
    void shouldIgnoreWhatIsNoContainers() {
        for (String name : new String[] {
            "",
            ".log",
            "syslog",
            "web_shop_app.log",
            "web_shop_app-" + ID,
            "web_shop_app-" + ID + ".log.gz",
            "web_shop_app-" + ID.substring(1) + ".log",
            "web_shop-" + ID + ".log",
            "a_b_c_d-" + ID + ".log"
        }) {
            assertThat(LogLink.of(name, null)).as(name).isNull();
        }
    }

    private static String cut(String name) {
        return (name.length() > 251 ? name.substring(0, 251) : name) + ".log";
    }
}
