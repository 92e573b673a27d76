package io.memspike.pod;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names by container id, as Docker and Podman keep them on disk. A file that isn't theirs is an IOException. */
final class RuntimeFiles {
    private static final JsonFactory JSON = new JsonFactory();

    private RuntimeFiles() {}

    /** {@code [id]/config.v2.json: {"ID":"…","Name":"/web-1", …}}. */
    static Map<String, String> docker(Path directory) throws IOException {
        Map<String, String> names = new HashMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = topLevelName(entry.resolve("config.v2.json"));
                if (name != null) {
                    names.put(String.valueOf(entry.getFileName()), name.startsWith("/") ? name.substring(1) : name);
                }
            }
        }
        return names;
    }

    private static @Nullable String topLevelName(Path file) throws IOException {
        try (JsonParser json = JSON.createParser(file.toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = json.currentName().equals("Name");
                if (json.nextToken() == JsonToken.VALUE_STRING && wanted) {
                    return json.getText();
                }
                json.skipChildren();
            }
            return null;
        } catch (FileNotFoundException e) {
            // Being made, or being removed.
            return null;
        }
    }

    /** {@code containers.json: [{"id":"…","names":["web-1"], …}, …]}. */
    static Map<String, String> podman(Path directory) throws IOException {
        Map<String, String> names = new HashMap<>();
        try (JsonParser json =
                JSON.createParser(directory.resolve("containers.json").toFile())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.START_OBJECT) {
                String id = null;
                String name = null;
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String field = json.currentName();
                    JsonToken value = json.nextToken();
                    if (field.equals("id") && value == JsonToken.VALUE_STRING) {
                        id = json.getText();
                    } else if (field.equals("names") && value == JsonToken.START_ARRAY) {
                        name = json.nextTextValue();
                        while (json.currentToken() != JsonToken.END_ARRAY) {
                            json.nextToken();
                        }
                    } else {
                        json.skipChildren();
                    }
                }
                if (id != null && name != null) {
                    names.put(id, name);
                }
            }
        }
        return names;
    }
}
