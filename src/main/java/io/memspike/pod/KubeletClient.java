package io.memspike.pod;

import io.memspike.linux.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/**
 * Asks a kubelet for its pods, one request on a connection of its own each. Belongs to the thread that asks. Where a
 * server closes without a word, HttpURLConnection asks a second time at once, and can't be kept from it.
 */
final class KubeletClient {
    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 5_000;

    /** By its letters: whatever else a name may mean to a resolver, these never leave the machine. */
    private static final Pattern LOOPBACK = Pattern.compile("127(?:\\.[0-9]{1,3}){3}|\\[::1]|localhost");

    private static final Pattern TOKEN = Pattern.compile("[!-~]+");

    private final Kubelet.Settings settings;
    private final Duration deadline;
    private final KubeletTrust trust;

    KubeletClient(Kubelet.Settings settings, Duration deadline) {
        this.settings = settings;
        this.deadline = deadline;
        this.trust = new KubeletTrust(settings.caFile(), settings.insecureSkipVerify());
    }

    /** The whole list, or why there is none. */
    PodList pods() throws KubeletFailure {
        URI uri = String.valueOf(settings.base()).endsWith("/")
                ? URI.create(settings.base() + "pods")
                : URI.create(settings.base() + "/pods");
        try {
            return get(uri);
        } catch (PodList.Malformed e) {
            throw new KubeletFailure(Outcome.MALFORMED, uri + ": " + e.getMessage());
        } catch (AccessDeniedException e) {
            throw new KubeletFailure(Outcome.DENIED, "may not read " + e.getFile());
        } catch (IOException e) {
            String why = e.getClass().getSimpleName() + ": " + e.getMessage();
            throw new KubeletFailure(
                    Outcome.FAILED, uri + ": " + why.lines().findFirst().orElse(""));
        }
    }

    private PodList get(URI uri) throws IOException, PodList.Malformed, KubeletFailure {
        Deadline ends = new Deadline(deadline);
        HttpURLConnection connection = open(uri, ends);
        try {
            int status = connection.getResponseCode();
            switch (status) {
                case HttpURLConnection.HTTP_OK -> {}
                case HttpURLConnection.HTTP_UNAUTHORIZED, HttpURLConnection.HTTP_FORBIDDEN ->
                    throw new KubeletFailure(Outcome.DENIED, uri + ": answers " + status + ": needs get on nodes/pods");
                default -> throw new KubeletFailure(Outcome.FAILED, uri + ": answers " + status);
            }
            try (InputStream body = ends.on(connection.getInputStream())) {
                return PodList.parse(body);
            } catch (IOException e) {
                // What older JDKs leave to whoever reads to find out.
                if (String.valueOf(e.getMessage()).startsWith("Premature EOF")) {
                    throw new PodList.Malformed("cut off");
                }
                throw e;
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection open(URI uri, Deadline ends) throws IOException {
        // A node's kubelet is not behind the proxy that -Dhttps.proxyHost names.
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "application/json");
        connection.setRequestProperty("Connection", "close");
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(new DeadlineSockets(trust.socketFactory(), ends));
            if (settings.insecureSkipVerify()) {
                https.setHostnameVerifier((host, session) -> true);
            }
        }
        String token = token();
        if (token != null && (connection instanceof HttpsURLConnection || isLoopback(uri))) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        return connection;
    }

    static boolean isLoopback(URI uri) {
        return uri.getHost() != null && LOOPBACK.matcher(uri.getHost()).matches();
    }

    private @Nullable String token() throws IOException {
        Path file = settings.tokenFile();
        if (file == null) {
            return null;
        }
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty()) {
                return null;
            }
            // Not left to the connection, whose complaint holds the token.
            if (!TOKEN.matcher(token).matches()) {
                throw new IOException("no token in " + file);
            }
            return token;
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
