package io.memspike.pod;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The pods of this node with their containers, as the kubelet's {@code GET /pods} says them: a v1 PodList in JSON.
 *
 * <pre>
 * {"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":…,"spec":…,"status":…},…]}
 * </pre>
 *
 * See https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/. It is read as a stream: a busy
 * node's list has megabytes, of which names are a few per cent.
 *
 * @param containers by container id, 64 hex digits; those that have ended are among them for as long as the pod's
 *     status says what became of them
 * @param podUids as the API has them; for a static pod also the hash of its manifest, which its cgroup is named by
 */
record PodList(Map<String, ContainerName> containers, Set<String> podUids) {
    static final PodList EMPTY = new PodList(Map.of(), Set.of());

    /** 500 pods have 5 MB. */
    private static final long LONGEST = 64 << 20;

    /** Of what is looked at: names have 253 characters at most, and what is skipped may be longer. */
    private static final int LONGEST_TEXT = 64 << 10;

    private static final JsonFactory JSON = JsonFactory.builder()
            // Keys of labels and annotations come and go: they are nothing to keep for ever.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxDocumentLength(LONGEST)
                    .maxStringLength(LONGEST_TEXT)
                    .build())
            .build();

    /** What was read is no list of pods. The message says why in one line, and holds nothing of what was read. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String what) {
            super(what);
        }
    }

    /**
     * Reads a list to its end. Fields that it doesn't know are skipped, wherever they are.
     *
     * @throws Malformed if it isn't JSON, isn't a PodList, is cut off, or has more than 64 MiB
     * @throws IOException if reading fails
     */
    static PodList parse(InputStream in) throws IOException, Malformed {
        try (JsonParser json = JSON.createParser(in)) {
            return parse(json);
        } catch (JsonEOFException e) {
            throw new Malformed("cut off");
        } catch (StreamConstraintsException e) {
            throw new Malformed("longer or deeper than a list of pods can be");
        } catch (JacksonException | CharConversionException e) {
            // The latter of what Jackson takes for UTF-16 or UTF-32.
            throw new Malformed("not JSON");
        }
    }

    private static PodList parse(JsonParser json) throws IOException, Malformed {
        JsonToken first = json.nextToken();
        if (first != JsonToken.START_OBJECT) {
            throw new Malformed(first == null ? "empty" : "JSON, but no object");
        }
        Map<String, ContainerName> containers = new HashMap<>();
        Set<String> uids = new HashSet<>();
        boolean isPodList = false;
        JsonFields fields = new JsonFields(json);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (name.equals("kind")) {
                isPodList = "PodList".equals(fields.text());
            } else if (name.equals("items")) {
                // null on a node without pods.
                if (value != JsonToken.START_ARRAY && value != JsonToken.VALUE_NULL) {
                    throw new Malformed("its items are no array");
                }
                fields.forEachElement(() -> Pod.read(fields).addTo(containers, uids));
            }
            json.skipChildren();
        }
        if (!isPodList) {
            throw new Malformed("JSON, but of another kind than PodList");
        }
        if (json.nextToken() != null) {
            throw new Malformed("something follows the list");
        }
        return new PodList(Map.copyOf(containers), Set.copyOf(uids));
    }
}
