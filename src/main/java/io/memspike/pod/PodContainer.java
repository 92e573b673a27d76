package io.memspike.pod;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A container in a pod's {@code spec}, or what its {@code status} says of it: both have their fields in common. */
final class PodContainer {
    /** containerd://, cri-o://, docker://, and what comes. */
    private static final String AFTER_RUNTIME = "://";

    private static final int ID_DIGITS = 64;

    @Nullable
    String name;

    @Nullable
    String image;

    @Nullable
    Long memoryRequest;

    @Nullable
    Long memoryLimit;

    boolean hasResources;
    /** The running one's, and those of the containers that it is the successor of. */
    final List<String> ids = new ArrayList<>(1);

    private PodContainer() {}

    static PodContainer read(JsonFields json) throws IOException {
        PodContainer container = new PodContainer();
        json.forEach(field -> {
            switch (field) {
                case "name" -> container.name = json.text();
                case "image" -> container.image = json.text();
                case "containerID" -> container.addId(json.text());
                case "state", "lastState" -> container.readState(json);
                case "resources" -> container.readResources(json);
                default -> {}
            }
        });
        return container;
    }

    /** {@code {"terminated":{"containerID":"containerd://…",…}}}: only what has ended has its id here. */
    private void readState(JsonFields json) throws IOException {
        json.forEach(state -> json.forEach(field -> {
            if (field.equals("containerID")) {
                addId(json.text());
            }
        }));
    }

    private void readResources(JsonFields json) throws IOException {
        hasResources = json.json().currentToken() == JsonToken.START_OBJECT;
        json.forEach(kind -> json.forEach(resource -> {
            if (resource.equals("memory")) {
                Long bytes = Quantity.parse(json.text());
                if (kind.equals("requests")) {
                    memoryRequest = bytes;
                } else if (kind.equals("limits")) {
                    // To the kubelet a limit of 0 is none.
                    memoryLimit = bytes == null || bytes == 0 ? null : bytes;
                }
            }
        }));
    }

    private void addId(@Nullable String withRuntime) {
        if (withRuntime == null) {
            return;
        }
        int runtime = withRuntime.indexOf(AFTER_RUNTIME);
        String id = runtime < 0 ? withRuntime : withRuntime.substring(runtime + AFTER_RUNTIME.length());
        if (isId(id) && !ids.contains(id)) {
            ids.add(id);
        }
    }

    private static boolean isId(String id) {
        return id.length() == ID_DIGITS && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
