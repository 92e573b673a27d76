package io.memspike.pod;

import io.memspike.pod.ContainerName.Details;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a {@link PodList} while it is read. What is known of a container stands in two places, {@code spec} and
 * {@code status}, which come in any order: they are brought together at the end.
 */
final class Pod {
    private @Nullable String namespace;
    private @Nullable String name;
    private @Nullable String uid;
    /** Of its manifest, for a static pod: the kubelet names its cgroup by it. */
    private @Nullable String configHash;

    private @Nullable String templateHash;
    private @Nullable String ownerKind;
    private @Nullable String ownerName;
    private final List<PodContainer> specified = new ArrayList<>(2);
    private final List<PodContainer> reported = new ArrayList<>(2);

    private Pod() {}

    static Pod read(JsonFields json) throws IOException {
        Pod pod = new Pod();
        json.forEach(field -> {
            switch (field) {
                case "metadata" -> pod.readMetadata(json);
                case "spec" ->
                    readContainers(json, pod.specified, "containers", "initContainers", "ephemeralContainers");
                case "status" ->
                    readContainers(
                            json,
                            pod.reported,
                            "containerStatuses",
                            "initContainerStatuses",
                            "ephemeralContainerStatuses");
                default -> {}
            }
        });
        return pod;
    }

    private void readMetadata(JsonFields json) throws IOException {
        json.forEach(field -> {
            switch (field) {
                case "namespace" -> namespace = json.text();
                case "name" -> name = json.text();
                case "uid" -> uid = json.text();
                case "annotations" ->
                    json.forEach(
                            key -> configHash = key.equals("kubernetes.io/config.hash") ? json.text() : configHash);
                case "labels" ->
                    json.forEach(key -> templateHash = key.equals("pod-template-hash") ? json.text() : templateHash);
                case "ownerReferences" -> json.forEachElement(() -> readOwner(json));
                default -> {}
            }
        });
    }

    private void readOwner(JsonFields json) throws IOException {
        String[] owner = new String[3];
        json.forEach(field -> {
            switch (field) {
                case "kind" -> owner[0] = json.text();
                case "name" -> owner[1] = json.text();
                case "controller" -> owner[2] = json.text();
                default -> {}
            }
        });
        if ("true".equals(owner[2])) {
            ownerKind = owner[0];
            ownerName = owner[1];
        }
    }

    private static void readContainers(JsonFields json, List<PodContainer> containers, String... lists)
            throws IOException {
        json.forEach(field -> {
            if (List.of(lists).contains(field)) {
                json.forEachElement(() -> containers.add(PodContainer.read(json)));
            }
        });
    }

    /** Adds its containers by id, and its uids. A pod without a name adds nothing. */
    void addTo(Map<String, ContainerName> containers, Set<String> uids) {
        if (namespace == null || name == null) {
            return;
        }
        if (uid != null) {
            uids.add(uid);
        }
        if (configHash != null) {
            uids.add(configHash);
        }
        findDeployment();
        for (PodContainer status : reported) {
            if (status.name != null && !status.ids.isEmpty()) {
                ContainerName named = new ContainerName(namespace, name, status.name, details(status));
                status.ids.forEach(id -> containers.put(id, named));
            }
        }
    }

    /** A Deployment names its ReplicaSets by itself and the hash of their template, and nobody else does. */
    private void findDeployment() {
        if ("ReplicaSet".equals(ownerKind)
                && ownerName != null
                && templateHash != null
                && ownerName.endsWith("-" + templateHash)) {
            ownerKind = "Deployment";
            ownerName = ownerName.substring(0, ownerName.length() - templateHash.length() - 1);
        }
    }

    /** Resources as the kubelet has applied them, which differ from the specification after a resize in place. */
    private Details details(PodContainer status) {
        PodContainer spec = specified.stream()
                .filter(each -> status.name != null && status.name.equals(each.name))
                .findFirst()
                .orElse(status);
        PodContainer resources = status.hasResources ? status : spec;
        return new Details(
                status.image == null ? spec.image : status.image,
                ownerKind,
                ownerName,
                resources.memoryRequest,
                resources.memoryLimit);
    }
}
