package io.memspike.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.memspike.linux.Failures;
import io.memspike.linux.Outcome;
import io.memspike.testkit.Allocations;
import io.memspike.testkit.Fixtures;
import io.memspike.testkit.KubeletStandIn;
import io.memspike.testkit.KubeletStandIn.Behaviour;
import io.memspike.testkit.KubeletStandIn.Identity;
import io.memspike.testkit.PodLists;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeletTest {
    private static final byte[] NODE = Fixtures.bytes(Fixtures.dir("kubelet/node.json"));
    private static final byte[] ODD = Fixtures.bytes(Fixtures.dir("kubelet/odd.json"));
    /** In node.json only, and in odd.json only. */
    private static final CgroupName CART = container("2a");

    private static final CgroupName POSTGRES = container("c1");

    /** The usual one, forty times as fast. */
    private static final Kubelet.Pace FAST = new Kubelet.Pace(
            Duration.ofMillis(25), Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofSeconds(2));

    private final Counted failures = new Counted();

    @TempDir
    private Path dir;

    private KubeletStandIn standIn;

    /** What was counted, in its order. */
    private static final class Counted implements Failures {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        @Override
        public void count(String source, Outcome outcome, Supplier<String> what) {
            lines.add(source + " " + outcome.label() + " " + what.get());
            outcomes.add(outcome);
        }
    }

    @BeforeEach
    void startKubelet() {
        standIn = KubeletStandIn.start(dir);
        standIn.serve(NODE);
    }

    @AfterEach
    void stopKubelet() {
        // Its thread can't be ended: from now on it finds nobody there, and no certificates either.
        standIn.close();
    }

    @Test
    void shouldKnowTheNamesOfTheFirstAnswer() {
        Kubelet names = started(FAST);
        awaitCart(names);
        assertThat(names.find(CART).details().ownerName()).isEqualTo("cart");
        assertThat(names.find(POSTGRES)).isNull();
        assertThat(names.find(CgroupName.of("/system.slice"))).isNull();
        assertThat(names.knowsPod("38d78cbd438e068d417c11c848b26f09")).isTrue();
        assertThat(names.knowsPod("00000000-1111-4222-8333-000000000000")).isFalse();
        assertThat(names.label()).isEqualTo("kubelet");
        await().until(names::isWorking);
        assertThat(failures.lines).isEmpty();
    }

    @Test
    void shouldNotBeAvailableWithoutAnAddress() {
        assertThat(new Kubelet(new Kubelet.Settings(null, null, null, false), failures).isAvailable())
                .isFalse();
        Kubelet empty = new Kubelet(new Kubelet.Settings(URI.create(""), null, null, false), failures);
        assertThat(empty.isAvailable()).isFalse();
        empty.start();
        empty.wanted();
        assertThat(empty.isWorking()).isFalse();
        assertThat(kubelet(FAST).isAvailable()).isTrue();
    }

    @Test
    void shouldAskWhenANameIsWantedAndOtherwiseRest() {
        Kubelet names = started(FAST);
        awaitCart(names);
        await().during(Duration.ofMillis(300)).until(() -> standIn.requests() == 1);
        standIn.serve(ODD);
        names.wanted();
        await().until(() -> names.find(POSTGRES) != null);
        assertThat(names.find(CART)).as("is no longer on the node").isNull();
    }

    @Test
    void shouldAskNowAndThenThoughNobodyWantsIt() {
        Kubelet names = started(new Kubelet.Pace(FAST.least(), FAST.most(), Duration.ofMillis(100), FAST.deadline()));
        awaitCart(names);
        standIn.serve(ODD);
        await().until(() -> names.find(POSTGRES) != null);
    }

    @Test
    void shouldAskOnceASecondAtMostHoweverOftenANameIsWanted() {
        Kubelet names = started(Kubelet.Pace.USUAL);
        awaitCart(names);
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            names.wanted();
            return standIn.requests() >= 4;
        });
        List<Long> times = standIn.requestTimes();
        for (int i = 1; i < times.size(); i++) {
            // It waits from the end of an answer to the next connection: the stand-in sees a bit more than a second.
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void shouldGrowItsVersionOnlyWithANewContent() {
        Kubelet names = started(FAST);
        awaitCart(names);
        await().until(() -> names.version() == 1);
        awaitRequests(names, 3);
        assertThat(names.version()).isEqualTo(1);
        standIn.serve(ODD);
        names.wanted();
        await().until(() -> names.find(POSTGRES) != null);
        await().until(() -> names.version() == 2);
    }

    @ParameterizedTest
    @CsvSource({
        "UNAUTHORIZED, DENIED, answers 401: needs get on nodes/pods",
        "FORBIDDEN, DENIED, answers 403: needs get on nodes/pods",
        "FAILS, FAILED, answers 500",
        "REDIRECTS, FAILED, answers 302",
        "EMPTY, MALFORMED, empty",
        "GARBAGE, MALFORMED, not JSON",
        "HTML, MALFORMED, not JSON",
        "CUT_OFF, MALFORMED, cut off",
        "CUT_OFF_IN_A_CHUNK, MALFORMED, cut off",
        "DRIBBLES, FAILED, SocketTimeoutException",
        "DRIBBLES_HEADERS, FAILED, SocketTimeoutException",
        "HANGS, FAILED, SocketTimeoutException",
        "HANGS_BEFORE_TLS, FAILED, SocketTimeoutException",
        "CLOSES, FAILED, SocketException",
    })
    void shouldKeepItsNamesAndCountWhatFails(Behaviour behaviour, Outcome outcome, String what) {
        Kubelet names = started(FAST);
        awaitCart(names);
        await().until(names::isWorking);
        standIn.setBehaviour(behaviour);
        names.wanted();
        await().until(() -> !failures.lines.isEmpty());
        assertThat(failures.outcomes).containsOnly(outcome);
        assertThat(failures.lines.get(0))
                .startsWith("kubelet " + outcome.label() + " " + standIn.uri() + "/pods: ")
                .contains(what)
                .doesNotContain("\n", "secret-1");
        await().until(() -> !names.isWorking());
        assertThat(names.find(CART)).isNotNull();
        assertThat(names.knowsPod("38d78cbd438e068d417c11c848b26f09")).isTrue();
        assertThat(names.version()).isEqualTo(1);
        standIn.setBehaviour(Behaviour.ANSWERS);
        await().until(names::isWorking);
    }

    @Test
    void shouldCutOffWhoeverDribblesAtTheDeadline() {
        Kubelet names = started(FAST);
        awaitCart(names);
        for (Behaviour slow : List.of(Behaviour.DRIBBLES, Behaviour.DRIBBLES_HEADERS)) {
            int counted = failures.lines.size();
            standIn.setBehaviour(slow);
            int before = standIn.requests();
            names.wanted();
            await().until(() -> standIn.requests() > before);
            long began = standIn.requestTimes().get(before);
            await().pollInterval(Duration.ofMillis(5)).until(() -> failures.lines.size() > counted);
            assertThat(System.nanoTime() - began)
                    .isLessThan(FAST.deadline().plusSeconds(2).toNanos());
        }
    }

    @Test
    void shouldAskLessAndLessOftenWhileItFails() {
        standIn.setBehaviour(Behaviour.FAILS);
        started(FAST);
        await().until(() -> standIn.requests() >= 7);
        List<Long> times = standIn.requestTimes();
        long[] atLeast = {25, 50, 100, 200, 200, 200};
        for (int i = 0; i < atLeast.length; i++) {
            assertThat(times.get(i + 1) - times.get(i)).isGreaterThanOrEqualTo(atLeast[i] * 1_000_000);
        }
    }

    @Test
    void shouldComeBackWithAKubeletThatWasAway() {
        Kubelet names = started(FAST);
        awaitCart(names);
        URI uri = standIn.uri();
        standIn.close();
        names.wanted();
        await().until(() -> failures.lines.stream().anyMatch(line -> line.contains("ConnectException")));
        assertThat(failures.outcomes).containsOnly(Outcome.FAILED);
        assertThat(names.find(CART)).isNotNull();
        standIn = KubeletStandIn.startAt(uri, dir);
        standIn.serve(ODD);
        await().until(() -> names.find(POSTGRES) != null);
    }

    @Test
    void shouldNotHoldUpThoseWhoAsk() {
        Kubelet names = started(FAST);
        awaitCart(names);
        standIn.setBehaviour(Behaviour.HANGS);
        int before = standIn.requests();
        names.wanted();
        await().until(() -> standIn.requests() > before);
        // All of it during one request that hangs for two seconds.
        long began = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            names.wanted();
            assertThat(names.find(CART)).isNotNull();
        }
        assertThat(failures.lines)
                .as("still hangs after %d ms", (System.nanoTime() - began) / 1_000_000)
                .isEmpty();
    }

    @Test
    void shouldAllocateNothingForThoseWhoAsk() {
        Kubelet names = started(Kubelet.Pace.USUAL);
        awaitCart(names);
        assertThat(Allocations.of(10_000, () -> {
                    names.wanted();
                    names.find(CART);
                    names.knowsPod("38d78cbd438e068d417c11c848b26f09");
                    names.version();
                }))
                .isZero();
    }

    @Test
    void shouldReadTheTokenForEachRequest() {
        Kubelet names = started(FAST);
        awaitCart(names);
        standIn.rotateToken("secret-2");
        standIn.serve(ODD);
        names.wanted();
        await().until(() -> names.find(POSTGRES) != null);
        assertThat(standIn.authorizations()).contains("Bearer secret-1").endsWith("Bearer secret-2");
        standIn.accept("secret-3");
        names.wanted();
        await().until(() -> failures.outcomes.contains(Outcome.DENIED));
    }

    @Test
    void shouldAskWithoutATokenWhereThereIsNone() throws Exception {
        Files.delete(standIn.tokenFile());
        started(FAST);
        await().until(() -> failures.outcomes.contains(Outcome.DENIED));
        assertThat(standIn.authorizations()).containsOnly("");
    }

    @Test
    void shouldNotTellATokenThatIsNone() throws Exception {
        Files.writeString(standIn.tokenFile(), "two words\nand lines\n");
        started(FAST);
        await().until(() -> !failures.lines.isEmpty());
        assertThat(failures.lines.get(0)).contains("no token in ").doesNotContain("words");
        assertThat(standIn.requests()).isZero();
    }

    @Test
    void shouldReloadTheCertificateAuthorityWhenItsFileChanges() {
        Kubelet names = started(FAST);
        awaitCart(names);
        standIn.present(Identity.OTHER_CA);
        standIn.serve(ODD);
        names.wanted();
        await().until(() -> failures.lines.stream().anyMatch(line -> line.contains("SSLHandshakeException")));
        assertThat(names.find(CART)).isNotNull();
        standIn.trust(Identity.OTHER_CA);
        await().until(() -> names.find(POSTGRES) != null);
        assertThat(failures.outcomes).containsOnly(Outcome.FAILED);
    }

    @Test
    void shouldRefuseAnotherAuthoritysCertificateAndKeepTheToken() {
        standIn.trust(Identity.OTHER_CA);
        started(FAST);
        await().until(() -> failures.lines.size() >= 2);
        assertThat(failures.lines.get(0)).contains("kubelet failed", "SSLHandshakeException: ", "PKIX");
        assertThat(standIn.authorizations()).as("the handshake comes first").isEmpty();
    }

    @Test
    void shouldRefuseAnotherHostsCertificateAndKeepTheToken() {
        standIn.present(Identity.OTHER_HOST);
        standIn.trust(Identity.OTHER_HOST);
        started(FAST);
        await().until(() -> failures.lines.size() >= 2);
        assertThat(failures.lines.get(0)).contains("No subject alternative names matching IP address 127.0.0.1");
        assertThat(standIn.authorizations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OTHER_CA", "OTHER_HOST"})
    void shouldAcceptAnyCertificateWhenToldTo(Identity identity) {
        standIn.present(identity);
        Kubelet names = new Kubelet(
                new Kubelet.Settings(standIn.uri(), standIn.tokenFile(), standIn.caFile(), true), failures, FAST);
        names.start();
        awaitCart(names);
        assertThat(failures.lines).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', it holds no certificate", "no certificate, can't be used"})
    void shouldSayThatAFileHoldsNoCertificates(String text, String what) throws Exception {
        Files.writeString(standIn.caFile(), text);
        Kubelet names = started(FAST);
        await().until(() -> !failures.lines.isEmpty());
        assertThat(failures.lines.get(0)).contains("ca.crt can't be used", what);
        standIn.trust(Identity.SIGNED);
        awaitCart(names);
    }

    @Test
    void shouldSayThatTheCertificateAuthoritysFileIsMissing() throws Exception {
        Files.delete(standIn.caFile());
        started(FAST);
        await().until(() -> !failures.lines.isEmpty());
        assertThat(failures.lines.get(0)).contains("kubelet failed", "NoSuchFileException", "ca.crt");
    }

    @Test
    void shouldAgreeOnTheCipherThatIsCheapWithoutC2() {
        awaitCart(started(FAST));
        assertThat(standIn.cipherSuites()).containsOnly("TLS_CHACHA20_POLY1305_SHA256");
    }

    @Test
    void shouldNotBelieveAPrivateAuthorityByDefault() {
        new Kubelet(new Kubelet.Settings(standIn.uri(), standIn.tokenFile(), null, false), failures, FAST).start();
        await().until(() -> !failures.lines.isEmpty());
        assertThat(failures.lines.get(0)).contains("SSLHandshakeException");
    }

    @Test
    void shouldSpeakPlainHttpToLoopback() {
        try (KubeletStandIn plain = KubeletStandIn.startPlain(dir)) {
            plain.serve(NODE);
            Kubelet names =
                    new Kubelet(new Kubelet.Settings(plain.uri(), plain.tokenFile(), null, false), failures, FAST);
            names.start();
            awaitCart(names);
            assertThat(plain.authorizations()).contains("Bearer secret-1");
            plain.setBehaviour(Behaviour.DRIBBLES);
            names.wanted();
            await().until(() -> !failures.lines.isEmpty());
            assertThat(failures.lines.get(0)).contains("not done within 2 s");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:10255, true",
        "http://127.9.9.9:10255, true",
        "http://localhost, true",
        "http://[::1]:10255, true",
        "http://10.0.0.5:10255, false",
        "http://127.evil.example, false",
        "http://127.0.0.1.evil.example, false",
        "http://localhost.evil.example, false",
        "http://127.0.0.1@evil.example, false",
        "http://[::ffff:10.0.0.5], false",
        "http://0.0.0.0, false",
    })
    void shouldSendATokenOverPlainHttpToLoopbackOnly(URI uri, boolean loopback) {
        assertThat(KubeletClient.isLoopback(uri)).isEqualTo(loopback);
    }

    @ParameterizedTest
    @CsvSource({"ftp://127.0.0.1", "nonsense", "https:opaque"})
    void shouldOutliveAnAddressThatIsNone(URI uri) {
        new Kubelet(new Kubelet.Settings(uri, null, null, false), failures, FAST).start();
        await().until(() -> failures.lines.size() >= 2);
        assertThat(failures.outcomes).containsOnly(Outcome.FAILED);
    }

    @Test
    void shouldReadALargeNode() {
        standIn.serve(PodLists.large(1000));
        Kubelet names = started(FAST);
        CgroupName last = CgroupName.of("/kubepods/pod00000000-1111-4222-8333-0123456789ab/" + PodLists.id(999));
        await().until(() -> names.find(last) != null);
        assertThat(names.find(last).container()).isEqualTo("c999");
    }

    private Kubelet kubelet(Kubelet.Pace pace) {
        return new Kubelet(
                new Kubelet.Settings(standIn.uri(), standIn.tokenFile(), standIn.caFile(), false), failures, pace);
    }

    private Kubelet started(Kubelet.Pace pace) {
        Kubelet names = kubelet(pace);
        names.start();
        return names;
    }

    private static void awaitCart(Kubelet names) {
        await().until(() -> names.find(CART) != null);
    }

    private void awaitRequests(Kubelet names, int more) {
        int before = standIn.requests();
        await().until(() -> {
            names.wanted();
            return standIn.requests() >= before + more;
        });
    }

    private static CgroupName container(String pair) {
        return CgroupName.of("/kubepods/pod00000000-1111-4222-8333-000000000000/" + pair.repeat(32));
    }
}
