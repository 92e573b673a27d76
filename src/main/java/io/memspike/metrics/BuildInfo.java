package io.memspike.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Manifest;

/** What is running: from the jar's manifest, "unknown" outside a jar. */
public record BuildInfo(String version, String revision, String javaVersion) {
    private static final String UNKNOWN = "unknown";

    /** Of the jar that this class was loaded from. */
    public static BuildInfo ofThisJar() {
        String version = BuildInfo.class.getPackage().getImplementationVersion();
        return new BuildInfo(
                version == null ? UNKNOWN : version,
                revisionOfThisJar(),
                Runtime.version().toString());
    }

    private static String revisionOfThisJar() {
        String jar = BuildInfo.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString();
        if (!jar.endsWith(".jar")) {
            return UNKNOWN;
        }
        try (InputStream in = new java.net.URL("jar:" + jar + "!/META-INF/MANIFEST.MF").openStream()) {
            String revision = new Manifest(in).getMainAttributes().getValue("Implementation-Revision");
            return revision == null ? UNKNOWN : revision;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }
}
