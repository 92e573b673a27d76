package io.memspike.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * A kubelet's {@code /pods} on a port of 127.0.0.1, over TLS and with a token as kubelets have it, whose behaviour can be
 * changed at any time. A client finds its certificate authority and its token in the directory that the test names.
 */
public final class KubeletStandIn implements AutoCloseable {
    /** How it answers a request with the right token. */
    public enum Behaviour {
        ANSWERS,
        UNAUTHORIZED,
        FORBIDDEN,
        FAILS,
        REDIRECTS,
        EMPTY,
        GARBAGE,
        HTML,
        /** Promises the whole list and closes after half of it. */
        CUT_OFF,
        /** The same, in chunks. */
        CUT_OFF_IN_A_CHUNK,
        DRIBBLES,
        DRIBBLES_HEADERS,
        HANGS,
        /** Says nothing at all, not even TLS. */
        HANGS_BEFORE_TLS,
        CLOSES
    }

    /** Its certificate; all but {@code SIGNED} are their own authority. */
    public enum Identity {
        /** For 127.0.0.1, by a private certificate authority. */
        SIGNED,
        OTHER_CA,
        /** For another address. */
        OTHER_HOST
    }

    private final ServerSocket listener;
    private final boolean tls;
    private final Path dir;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<String> cipherSuites = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = Behaviour.ANSWERS;
    private volatile SSLSocketFactory identity;
    private volatile String token = "";
    private volatile byte[] list = {};

    private KubeletStandIn(Path dir, boolean tls, int port) throws IOException {
        this.dir = dir;
        this.tls = tls;
        listener = ServerSocketFactory.getDefault().createServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    }

    /** Over TLS. @param dir gets its {@code ca.crt} and {@code token} */
    public static KubeletStandIn start(Path dir) {
        return start(dir, true, 0);
    }

    /** Over plain http. */
    public static KubeletStandIn startPlain(Path dir) {
        return start(dir, false, 0);
    }

    /** On the port that another had. */
    public static KubeletStandIn startAt(URI uri, Path dir) {
        return start(dir, true, uri.getPort());
    }

    private static KubeletStandIn start(Path dir, boolean tls, int port) {
        try {
            KubeletStandIn started = new KubeletStandIn(dir, tls, port);
            started.present(Identity.SIGNED);
            started.trust(Identity.SIGNED);
            started.rotateToken("secret-1");
            Thread thread = new Thread(started::accept, "kubelet-stand-in");
            thread.setDaemon(true);
            thread.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI uri() {
        return URI.create((tls ? "https" : "http") + "://127.0.0.1:" + listener.getLocalPort());
    }

    public Path caFile() {
        return dir.resolve("ca.crt");
    }

    public Path tokenFile() {
        return dir.resolve("token");
    }

    public void setBehaviour(Behaviour next) {
        behaviour = next;
    }

    /** What it answers from now on: a file of test-fixtures/kubelet, or a list of {@link PodLists}. */
    public void serve(byte[] podList) {
        list = podList;
    }

    /** Presents another certificate; {@link #trust} is what makes it a known one. */
    public void present(Identity next) {
        identity = TestCertificates.server(next).getSocketFactory();
    }

    /** Replaces the file of certificate authorities, as a projected volume does it: at once. */
    public void trust(Identity issuer) {
        replace(caFile(), TestCertificates.issuer(issuer));
    }

    /** Accepts that token only, which the file holds from now on. */
    public void rotateToken(String next) {
        token = next;
        replace(tokenFile(), next + "\n");
    }

    /** Accepts that token only, which the file doesn't hold. */
    public void accept(String next) {
        token = next;
    }

    /** How many requests have come, whatever became of them. */
    public int requests() {
        return times.size();
    }

    /** When they came, in the nanoseconds of System.nanoTime. */
    public List<Long> requestTimes() {
        return List.copyOf(times);
    }

    /** The Authorization of each request; empty where it had none. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** What each connection has agreed on. */
    public List<String> cipherSuites() {
        return List.copyOf(cipherSuites);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path file, String text) {
        try {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> serve(socket), "kubelet-stand-in-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket plain) {
        try (plain) {
            if (behaviour == Behaviour.HANGS_BEFORE_TLS) {
                times.add(System.nanoTime());
                closed.await();
            }
            Socket socket = plain;
            if (tls) {
                SSLSocket secure = (SSLSocket) identity.createSocket(plain, "127.0.0.1", plain.getPort(), true);
                secure.setUseClientMode(false);
                // As the TLS of Go does, which a kubelet has: the client's favourite.
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setUseCipherSuitesOrder(false);
                secure.setSSLParameters(parameters);
                cipherSuites.add(secure.getSession().getCipherSuite());
                socket = secure;
            }
            answer(socket);
            socket.close();
        } catch (IOException e) {
            // The client has gone, or doesn't believe us: its affair.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(Socket socket) throws IOException, InterruptedException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        String request = lines.readLine();
        String authorization = "";
        for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
            if (line.startsWith("Authorization: ")) {
                authorization = line.substring("Authorization: ".length());
            }
        }
        times.add(System.nanoTime());
        authorizations.add(authorization);
        OutputStream out = socket.getOutputStream();
        if (!"GET /pods HTTP/1.1".equals(request)) {
            send(out, "404 Not Found", "text/plain", "404 page not found");
        } else if (tls && !authorization.equals("Bearer " + token)) {
            send(out, "401 Unauthorized", "text/plain", "Unauthorized");
        } else {
            behave(out);
        }
    }

    private void behave(OutputStream out) throws IOException, InterruptedException {
        switch (behaviour) {
            case ANSWERS -> send(out, "200 OK", "application/json", list);
            case UNAUTHORIZED -> send(out, "401 Unauthorized", "text/plain", "Unauthorized");
            case FORBIDDEN ->
                send(out, "403 Forbidden", "text/plain", "Forbidden (resource=nodes, subresource(s)=[pods])");
            case FAILS -> send(out, "500 Internal Server Error", "text/plain", "no");
            case REDIRECTS -> send(out, "302 Found\r\nLocation: " + uri() + "/elsewhere", "text/plain", "");
            case EMPTY -> send(out, "200 OK", "application/json", "");
            case GARBAGE -> send(out, "200 OK", "application/json", "\0\1\2{]]");
            case HTML -> send(out, "200 OK", "text/html", "<!doctype html><html><body>Log in</body></html>");
            case CUT_OFF -> {
                write(out, head("200 OK", "application/json", "Content-Length: " + list.length));
                out.write(list, 0, list.length / 2);
            }
            case CUT_OFF_IN_A_CHUNK -> {
                write(out, head("200 OK", "application/json", "Transfer-Encoding: chunked"));
                write(out, Integer.toHexString(list.length) + "\r\n");
                out.write(list, 0, list.length / 2);
            }
            case DRIBBLES -> {
                write(out, head("200 OK", "application/json", "Content-Length: " + list.length));
                dribble(out, list);
            }
            case DRIBBLES_HEADERS -> {
                write(out, "HTTP/1.1 200 OK\r\n");
                dribble(out, ("X-Long: " + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII));
            }
            case HANGS, HANGS_BEFORE_TLS -> closed.await();
            case CLOSES -> {}
        }
        out.flush();
    }

    /** A byte at a time, each well within any timeout of a read. */
    private void dribble(OutputStream out, byte[] bytes) throws IOException, InterruptedException {
        for (byte each : bytes) {
            out.write(each);
            out.flush();
            if (closed.await(50, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    private static void send(OutputStream out, String status, String type, String body) throws IOException {
        send(out, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(OutputStream out, String status, String type, byte[] body) throws IOException {
        write(out, head(status, type, "Content-Length: " + body.length));
        out.write(body);
        out.flush();
    }

    private static String head(String status, String type, String length) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\n" + length + "\r\nConnection: close\r\n\r\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
