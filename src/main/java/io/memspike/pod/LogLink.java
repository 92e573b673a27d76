package io.memspike.pod;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a link in /var/log/containers says of a container. The kubelet makes one for each:
 *
 * <pre>
 * [pod]_[namespace]_[container]-[id].log -> /var/log/pods/[namespace]_[pod]_[uid]/[container]/[restarts].log
 * </pre>
 *
 * The link's name is cut at 255 characters, and a long name may lose part of the id; then only where it points says
 * where the container's name ends and the id begins. No name here contains an underscore (they are DNS labels).
 *
 * @param id 64 hex digits, or the first of them when the name was cut
 * @param podUid null when the link points somewhere else, or nowhere
 */
record LogLink(
        String namespace,
        String pod,
        String container,
        String id,
        @Nullable String podUid) {
    static final int ID_LENGTH = 64;
    private static final int LONGEST_NAME = 255;
    /** A cut id is compared with the few containers of one pod only: so many digits tell them apart. */
    private static final int SHORTEST_ID = 8;

    private static final String SUFFIX = ".log";
    private static final Pattern NAME = Pattern.compile("([^_]+)_([^_]+)_([^_]+)-([0-9a-f]{64})\\.log");
    private static final Pattern TARGET = Pattern.compile("(?:.*/)?([^_/]+)_([^_/]+)_([^_/]+)/([^_/]+)/[0-9]+\\.log");
    private static final Pattern CUT_ID = Pattern.compile("[0-9a-f]{" + SHORTEST_ID + "," + ID_LENGTH + "}");

    /**
     * Takes a link apart.
     *
     * @param target where it points, which needn't be there; null when it is no link
     * @return null when it is no container's, or doesn't say enough to know whose
     */
    static @Nullable LogLink of(String name, @Nullable String target) {
        Matcher points = TARGET.matcher(target == null ? "" : target);
        Matcher whole = NAME.matcher(name);
        if (whole.matches()) {
            return new LogLink(
                    whole.group(2),
                    whole.group(1),
                    whole.group(3),
                    whole.group(4),
                    points.matches() ? uid(points) : null);
        }
        if (name.length() < LONGEST_NAME || !name.endsWith(SUFFIX) || !points.matches()) {
            return null;
        }
        String before = points.group(2) + "_" + points.group(1) + "_" + points.group(4) + "-";
        String id = name.startsWith(before) ? name.substring(before.length(), name.length() - SUFFIX.length()) : "";
        return CUT_ID.matcher(id).matches()
                ? new LogLink(points.group(1), points.group(2), points.group(4), id, uid(points))
                : null;
    }

    ContainerName containerName() {
        return new ContainerName(namespace, pod, container);
    }

    boolean isCut() {
        return id.length() < ID_LENGTH;
    }

    private static String uid(Matcher target) {
        return target.group(3);
    }
}
