package io.memspike.cgroup;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One directory of the cgroup tree: one life of one cgroup. Its identity is the directory's device and inode, not its
 * path. The tree around it is discovery's; name, path and parent never change and may be read by any thread.
 */
public final class CgroupDir {
    private final Path path;
    private final String name;
    private final @Nullable CgroupDir parent;
    private final @Nullable Object identity;
    private final long inode;
    private final boolean fresh;
    private final Map<String, CgroupDir> children = new HashMap<>();
    private final int depth;
    private boolean listed;
    private boolean memory;
    private int watch = -1;

    CgroupDir(
            Path path, String name, @Nullable CgroupDir parent, @Nullable Object identity, long inode, boolean fresh) {
        this.path = path;
        this.name = name;
        this.parent = parent;
        this.identity = identity;
        this.inode = inode;
        this.fresh = fresh;
        this.depth = parent == null ? 0 : parent.depth + 1;
    }

    public Path path() {
        return path;
    }

    /** The path below the root of the tree, as the kernel writes it: {@code /system.slice/sshd.service}. */
    public String name() {
        return name;
    }

    /** Null for the root only. */
    public @Nullable CgroupDir parent() {
        return parent;
    }

    /** The inode's number, which grows from cgroup to cgroup as they are made; 0 where there is none. */
    public long inode() {
        return inode;
    }

    /** Whether it was made while we watched: its counters began at 0 under our eyes. */
    public boolean isFresh() {
        return fresh;
    }

    public Collection<CgroupDir> children() {
        return children.values();
    }

    /** Whether the memory controller is enabled here: the directory has memory.current. The root never has. */
    public boolean hasMemory() {
        return memory;
    }

    /** Whether any child has the memory controller; if not, this cgroup is as fine as the kernel accounts. */
    public boolean hasChildWithMemory() {
        for (CgroupDir child : children.values()) {
            if (child.memory) {
                return true;
            }
        }
        return false;
    }

    /** A child that wasn't there when we last listed this directory is fresh, and so is all below what is fresh. */
    CgroupDir child(String childName, Path childPath, @Nullable Object childIdentity, long childInode) {
        String full = parent == null ? "/" + childName : name + "/" + childName;
        return new CgroupDir(childPath, full, this, childIdentity, childInode, fresh || listed);
    }

    boolean isListed() {
        return listed;
    }

    void setListed() {
        listed = true;
    }

    int depth() {
        return depth;
    }

    Map<String, CgroupDir> childrenByName() {
        return children;
    }

    @Nullable
    Object identity() {
        return identity;
    }

    void setMemory(boolean memory) {
        this.memory = memory;
    }

    int watch() {
        return watch;
    }

    void setWatch(int watch) {
        this.watch = watch;
    }

    @Override
    public String toString() {
        return name;
    }
}
