package io.memspike.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real container, run by crun in the cgroup where a kubelet would have it run, with the link to its log that a
 * kubelet would have made; its only program is the lab's workload, which runs as uid 1000. Closing it deletes it, its cgroup and the link.
 */
final class OciContainer implements AutoCloseable {
    /** A pod of namespace shop. */
    record Pod(String name, String uid) {
        String slice() {
            return "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" + uid.replace('-', '_') + ".slice";
        }
    }

    private final String id;
    private final Path cgroup;
    private final Path link;

    private OciContainer(String id, Path cgroup, Path link) {
        this.id = id;
        this.cgroup = cgroup;
        this.link = link;
    }

    /**
     * Runs one.
     *
     * @param logs where its link is made; none for the sandbox, whose name is null
     * @param operations see src/lab/hold.c; what is in /data is on a disk, what is in /dev/shm in memory
     */
    static OciContainer run(Pod pod, String name, String id, Path logs, String... operations) {
        try {
            Path scope = Path.of(pod.slice(), "cri-containerd-" + id + ".scope");
            Path disk = Path.of(Files.isDirectory(Path.of("/disk")) ? "/disk" : "/var/tmp");
            Path bundle = Files.createTempDirectory(disk, "bundle");
            for (String directory : List.of("bin", "data", "proc", "dev", "sys")) {
                Files.createDirectories(bundle.resolve("rootfs").resolve(directory));
            }
            Files.setPosixFilePermissions(bundle.resolve("rootfs/data"), PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setPosixFilePermissions(bundle, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.copy(KernelLab.HOLD, bundle.resolve("rootfs/bin/hold"));
            Files.writeString(bundle.resolve("config.json"), config(scope, operations));
            crun("run", "--detach", "--bundle", bundle.toString(), id);
            Path link = logs.resolve(pod.name() + "_shop_" + name + "-" + id + ".log");
            if (!name.isEmpty()) {
                Files.createSymbolicLink(
                        link, Path.of("/var/log/pods/shop_" + pod.name() + "_" + pod.uid(), name, "0.log"));
            }
            return new OciContainer(id, LabCgroup.ROOT.resolve(scope.toString().substring(1)), link);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path cgroup() {
        return cgroup;
    }

    /** Its processes, as this process sees them. */
    List<Path> processes() {
        try (Stream<String> pids = Files.lines(cgroup.resolve("cgroup.procs"))) {
            return pids.map(pid -> Path.of("/proc", pid)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        crun("delete", "--force", id);
        try {
            Files.deleteIfExists(link);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void crun(String... words) {
        List<String> command = new ArrayList<>(List.of("crun", "--cgroup-manager=cgroupfs"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String config(Path cgroup, String... operations) {
        String args = Stream.concat(Stream.of("/bin/hold"), Stream.of(operations))
                .map(word -> "\"" + word + "\"")
                .collect(Collectors.joining(","));
        return """
                {"ociVersion": "1.0.2", "hostname": "lab",
                 "process": {"user": {"uid": 1000, "gid": 1000}, "args": [%s], "cwd": "/", "env": ["PATH=/bin"]},
                 "root": {"path": "rootfs"},
                 "mounts": [
                  {"destination": "/proc", "type": "proc", "source": "proc"},
                  {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"},
                  {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["mode=1777"]}],
                 "linux": {"cgroupsPath": "%s",
                  "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"},
                   {"type": "network"}, {"type": "cgroup"}]}}
                """.formatted(args, cgroup);
    }
}
