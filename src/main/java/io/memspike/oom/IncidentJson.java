package io.memspike.oom;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * An incident as JSON, for files and for the web.
 *
 * <pre>
 * {"format": "memspike-incident", "version": 1, "id": "…", "at_ms": 1782907200123, "subject": {…}, …,
 *  "ticks": {"at_ms": [-200, -100], "current_bytes": [1048576, null]}, …}
 * </pre>
 *
 * New fields may come within a version, and are skipped by who doesn't know them. What takes one away, or changes what
 * it means, is a new version; version 1 stays readable.
 */
public final class IncidentJson {
    static final String FORMAT = "memspike-incident";
    static final int VERSION = 1;

    /** Of the text that is read, and about what is made of it. */
    static final int LARGEST = 8 << 20;

    private IncidentJson() {}

    /** Writes all of it. The stream stays open. */
    public static void write(Incident incident, OutputStream out) throws IOException {
        try (JsonGenerator json = IncidentWriter.generator(out)) {
            IncidentWriter to = new IncidentWriter(json);
            json.writeStartObject();
            to.head(incident);
            to.memoryStat(incident.memoryStat());
            to.series("ticks", incident.ticks());
            to.series("details", incident.details());
            json.writeEndObject();
        }
        out.write('\n');
    }

    /** Writes an array of them, each without {@code memory_stat}, {@code ticks} and {@code details}. */
    public static void writeSummary(List<Incident> incidents, OutputStream out) throws IOException {
        try (JsonGenerator json = IncidentWriter.generator(out)) {
            IncidentWriter to = new IncidentWriter(json);
            json.writeStartArray();
            for (Incident each : incidents) {
                json.writeStartObject();
                to.head(each);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        out.write('\n');
    }

    /**
     * Reads an incident that is all there is in the stream, which is closed.
     *
     * @throws Malformed if it is none, or a newer version's, or has more than 8 MiB
     * @throws IOException if reading fails
     */
    public static Incident read(InputStream in) throws IOException {
        return IncidentReader.incident(JsonFields.read(in));
    }
}
