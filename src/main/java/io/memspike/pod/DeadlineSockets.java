package io.memspike.pod;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Comparator;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS over sockets with a deadline. HttpsURLConnection has a timeout for a read, and none for a handshake, for headers
 * or for a body that come a byte at a time. It takes a socket from here, connects it, and has TLS laid over it.
 */
final class DeadlineSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final Deadline deadline;

    DeadlineSockets(SSLSocketFactory tls, Deadline deadline) {
        this.tls = tls;
        this.deadline = deadline;
    }

    @Override
    public Socket createSocket() {
        return deadline.socket();
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean autoClose) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(below, host, port, autoClose);
        socket.setEnabledCipherSuites(cheapestFirst(socket.getEnabledCipherSuites()));
        return socket;
    }

    /**
     * Without C2, which the start script leaves out, nobody compiles AES to the processor's own instructions, and
     * ChaCha20 takes a fifth of the time (bench/names). A kubelet, as Go does, takes the client's favourite.
     */
    private static String[] cheapestFirst(String[] suites) {
        return Arrays.stream(suites)
                .sorted(Comparator.comparing((String suite) -> !suite.contains("CHACHA20")))
                .toArray(String[]::new);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException();
    }
}
