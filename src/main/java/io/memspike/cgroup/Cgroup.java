package io.memspike.cgroup;

import io.memspike.linux.KernelFile;
import io.memspike.linux.Outcome;
import io.memspike.linux.ReadBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One life of one cgroup, with the files that are read of it held open. The same path made again is another cgroup.
 * Made by discovery, read and closed by the sampler.
 */
public final class Cgroup implements AutoCloseable {
    private final CgroupDir dir;
    /** By {@link Source#ordinal}; null for one that isn't read. Not a map: this is looked at for each read. */
    private final @Nullable KernelFile[] files = new KernelFile[Source.COUNT];

    private Cgroup(CgroupDir dir) {
        this.dir = dir;
    }

    /** Opens these files, and no other, once. One that can't be opened is an outcome of its reads. */
    public static Cgroup open(CgroupDir dir, Set<Source> sources) {
        Cgroup cgroup = new Cgroup(dir);
        for (Source source : sources) {
            cgroup.files[source.ordinal()] = KernelFile.open(dir.path(), source.file());
        }
        return cgroup;
    }

    public CgroupDir dir() {
        return dir;
    }

    /** Reads one file whole; {@link Outcome#ABSENT} for one that wasn't asked for at {@link #open}. */
    public Outcome read(Source source, ReadBuffer into) {
        KernelFile file = files[source.ordinal()];
        return file == null ? Outcome.ABSENT : file.read(into);
    }

    /** Why the last read of that file failed, in the operating system's words. */
    public @Nullable String failure(Source source) {
        KernelFile file = files[source.ordinal()];
        return file == null ? null : file.failure();
    }

    public Path path(Source source) {
        return dir.path().resolve(source.file());
    }

    @Override
    public void close() {
        for (KernelFile file : files) {
            if (file != null) {
                file.close();
            }
        }
    }
}
