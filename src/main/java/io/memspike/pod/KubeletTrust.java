package io.memspike.pod;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificate is believed to be the kubelet's. */
final class KubeletTrust {
    private final @Nullable Path caFile;
    private final boolean anybody;

    /** Of one content of the file: a context remembers its sessions, and with them whom it believed. */
    private @Nullable SSLSocketFactory factory;

    private @Nullable State loaded;

    /** By which a change of the file is seen. */
    private record State(FileTime modified, long size) {}

    KubeletTrust(@Nullable Path caFile, boolean anybody) {
        this.caFile = caFile;
        this.anybody = anybody;
    }

    /** @throws IOException if the file can't be read, or holds no certificates */
    SSLSocketFactory socketFactory() throws IOException {
        State state = caFile == null || anybody ? null : stateOf(caFile);
        if (factory == null || (state != null && !state.equals(loaded))) {
            factory = load();
            loaded = state;
        }
        return factory;
    }

    private static State stateOf(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new State(attributes.lastModifiedTime(), attributes.size());
    }

    private SSLSocketFactory load() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, anybody ? new TrustManager[] {new Anybody()} : trusted(caFile), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException(caFile + " can't be used: " + e.getMessage(), e);
        }
    }

    /** Null: those that Java trusts. */
    private static TrustManager @Nullable [] trusted(@Nullable Path file) throws IOException, GeneralSecurityException {
        if (file == null) {
            return null;
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (Certificate each : certificates(file)) {
            store.setCertificateEntry("ca" + count++, each);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            return all;
        }
    }

    /** What insecureSkipVerify asks for. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String algorithm) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
