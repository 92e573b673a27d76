package io.memspike.jar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** A user without rights: for whom a directory can be unreadable, as for root none is. */
final class Nobody {
    private static final List<String> SETPRIV =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");

    private Nobody() {}

    /**
     * Has the command run by uid 65534, or by who runs the tests if that isn't root.
     *
     * @param shared a directory that everyone may read; receives the jar, which else may lie in somebody's home
     */
    static ShippedJar.Command runs(ShippedJar.Command command, Path shared) throws IOException {
        Path jar = Files.copy(ShippedJar.JAR, shared.resolve("memspike.jar"), StandardCopyOption.REPLACE_EXISTING);
        // Neither may its home directory take files: JNA would unpack its library there.
        command.jar(jar).in(Path.of("/")).jvm("-Duser.home=/nonexistent").environment("XDG_CACHE_HOME", "/nonexistent");
        return isRoot() ? command.by(SETPRIV) : command;
    }

    private static boolean isRoot() throws IOException {
        return Integer.valueOf(0)
                .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }
}
