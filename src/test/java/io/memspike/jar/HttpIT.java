package io.memspike.jar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths, methods and status codes. */
final class HttpIT {
    private static ShippedJar jar;

    @BeforeAll
    static void start() {
        jar = ShippedJar.on(Node.SMALL).ready();
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/-/healthy", "/-/ready"})
    void shouldAnswerOkWhenAllIsWell(String path) {
        HttpResponse<String> response = jar.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("OK\n");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    }

    /** Each such request once cost a permit, and after sixteen nobody was let in. */
    @Test
    void shouldGoOnServingMetricsWhenAcceptIsNotWellFormed() throws IOException {
        for (int i = 0; i < 20; i++) {
            String answer = raw("GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: text/plain;version=\"\r\n"
                    + "Connection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        }
        assertThat(jar.get("/metrics").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldLinkEveryPageFromTheLandingPage() {
        HttpResponse<String> page = jar.get("/");
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).contains("<title>Memspike</title>");
        for (String path : new String[] {"metrics", "-/healthy", "-/ready"}) {
            assertThat(page.body()).contains("href=\"" + path + "\"");
            assertThat(jar.get("/" + path).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/-/healthy", "/-/ready", "/"})
    void shouldAnswerAsToGetWithoutABodyWhenTheMethodIsHead(String path) throws IOException {
        String head = raw("HEAD " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String get = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        String headers = "(?i)(?m)^content-length: .*\r\n";
        assertThat(head.replaceAll(headers, ""))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4).replaceAll(headers, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void shouldRefuseAndSayWhatIsAllowedWhenTheMethodIsAnother(String method) {
        for (String path : new String[] {"/metrics", "/-/healthy", "/-/ready", "/"}) {
            HttpResponse<String> response = jar.ask(method, path);
            assertThat(response.statusCode()).as(path).isEqualTo(405);
            assertThat(response.headers().firstValue("Allow").orElse("").split(", ?"))
                    .containsExactlyInAnyOrder("GET", "HEAD");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/nope", "/metrics/more", "/metricsx", "/-/", "/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd"})
    void shouldSayNotFoundWhenThereIsNoSuchPage(String path) {
        assertThat(jar.get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /metrics HTTP/1.1\r\nHost: x\r\nbroken header\r\n\r\n",
                "\u0000\u0001\u0002\r\n\r\n",
                "GET /metrics SPDY/9\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void shouldGoOnServingWhenARequestIsNoHttp(String request) throws IOException {
        assertThat(raw(request)).doesNotContain(" 200 ", "Exception", "\tat ");
        assertThat(jar.get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(jar.errorLines()).hasSize(1);
    }

    @Test
    void shouldRefuseWhenHeadersAreTooLong() throws IOException {
        String answer = raw("GET /metrics HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n");
        assertThat(answer).doesNotContain(" 200 ");
        assertThat(jar.get("/-/healthy").statusCode()).isEqualTo(200);
    }

    /** What is answered until the connection ends, or has been silent for two seconds. */
    private static String raw(String request) throws IOException {
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), jar.port())) {
            socket.setSoTimeout(2000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            byte[] part = new byte[8192];
            for (int count = socket.getInputStream().read(part);
                    count >= 0;
                    count = socket.getInputStream().read(part)) {
                answer.append(new String(part, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException | java.net.SocketException e) {
            return answer.toString();
        }
        return answer.toString();
    }
}
