package io.memspike.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Keys and certificates of servers on 127.0.0.1, made by the JDK's keytool once for each JVM. */
final class TestCertificates {
    private static final String PASSWORD = "changeit";
    private static final KeyStore STORE = make();

    private TestCertificates() {}

    /** A server that presents itself by that certificate. */
    static SSLContext server(KubeletStandIn.Identity identity) {
        try {
            String alias = alias(identity);
            KeyStore one = KeyStore.getInstance("PKCS12");
            one.load(null, null);
            Key key = STORE.getKey(alias, PASSWORD.toCharArray());
            one.setKeyEntry(alias, key, PASSWORD.toCharArray(), STORE.getCertificateChain(alias));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(one, PASSWORD.toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate that signed it, in PEM. */
    static String issuer(KubeletStandIn.Identity identity) {
        try {
            Certificate[] chain = STORE.getCertificateChain(alias(identity));
            Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
            String body = lines.encodeToString(chain[chain.length - 1].getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String alias(KubeletStandIn.Identity identity) {
        return identity.name().toLowerCase(Locale.ROOT);
    }

    private static KeyStore make() {
        try {
            Path dir = Files.createTempDirectory("memspike-certificates");
            Path file = dir.resolve("store.p12");
            Path request = dir.resolve("request");
            Path signed = dir.resolve("signed");
            generate(file, "ca", "-ext", "bc:c");
            generate(file, alias(KubeletStandIn.Identity.SIGNED), "-ext", "san=ip:127.0.0.1");
            keytool(file, "-certreq", "-alias", "signed", "-file", request.toString());
            keytool(
                    file,
                    "-gencert",
                    "-alias",
                    "ca",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-infile",
                    request.toString(),
                    "-outfile",
                    signed.toString());
            keytool(file, "-importcert", "-noprompt", "-alias", "signed", "-file", signed.toString());
            generate(file, alias(KubeletStandIn.Identity.OTHER_CA), "-ext", "san=ip:127.0.0.1");
            generate(file, alias(KubeletStandIn.Identity.OTHER_HOST), "-ext", "san=ip:127.0.0.2,dns:node-2");
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            for (Path each : List.of(file, request, signed, dir)) {
                Files.delete(each);
            }
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void generate(Path file, String alias, String... extensions) throws IOException {
        List<String> words = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-groupname"));
        words.addAll(List.of("secp256r1", "-validity", "30", "-dname", "CN=" + alias));
        words.addAll(List.of(extensions));
        keytool(file, words.toArray(String[]::new));
    }

    private static void keytool(Path store, String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        words.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(words + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
