package io.memspike.oom;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the fields of an incident as {@link IncidentJson} has them. */
record IncidentWriter(JsonGenerator json) {
    private static final JsonFactory JSON = JsonFactory.builder()
            // Of a name that was no text (half a surrogate pair), UTF-8 has no form; an escape gives it back as it was.
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    /** Leaves the stream open when it is closed. */
    static JsonGenerator generator(OutputStream out) throws IOException {
        return JSON.createGenerator(out)
                .setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
    }

    /** All but {@code memory_stat} and the series. */
    void head(Incident incident) throws IOException {
        json.writeStringField("format", IncidentJson.FORMAT);
        json.writeNumberField("version", IncidentJson.VERSION);
        json.writeStringField("id", incident.id());
        json.writeNumberField("at_ms", incident.atMs());
        subject(incident.subject());
        json.writeNumberField("kills", incident.kills());
        json.writeBooleanField("group", incident.group());
        json.writeObjectFieldStart("verdict");
        json.writeStringField("kind", incident.verdict().kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("sentence", incident.verdict().sentence());
        json.writeEndObject();
        json.writeArrayFieldStart("limits");
        for (Incident.Limit each : incident.limits()) {
            limit(each);
        }
        json.writeEndArray();
        victim(incident.victim());
        processes(incident.processes());
    }

    private void subject(Incident.Subject subject) throws IOException {
        json.writeObjectFieldStart("subject");
        json.writeStringField("namespace", subject.namespace());
        json.writeStringField("pod", subject.pod());
        json.writeStringField("container", subject.container());
        json.writeStringField("pod_uid", subject.podUid());
        json.writeStringField("container_id", subject.containerId());
        json.writeStringField("cgroup", subject.cgroup());
        json.writeEndObject();
    }

    private void limit(Incident.Limit limit) throws IOException {
        json.writeStartObject();
        json.writeStringField("cgroup", limit.cgroup());
        number("max_bytes", limit.maxBytes());
        number("current_bytes", limit.currentBytes());
        number("unreclaimable_bytes", limit.unreclaimableBytes());
        json.writeBooleanField("hit", limit.hit());
        json.writeEndObject();
    }

    private void victim(Incident.@Nullable Victim victim) throws IOException {
        if (victim == null) {
            json.writeNullField("victim");
            return;
        }
        json.writeObjectFieldStart("victim");
        json.writeNumberField("pid", victim.pid());
        json.writeStringField("name", victim.name());
        json.writeNumberField("anon_rss_bytes", victim.anonRssBytes());
        json.writeNumberField("file_rss_bytes", victim.fileRssBytes());
        json.writeNumberField("shmem_rss_bytes", victim.shmemRssBytes());
        json.writeNumberField("oom_score_adj", victim.oomScoreAdj());
        json.writeStringField("oom_memcg", victim.oomMemcg());
        json.writeStringField("task_memcg", victim.taskMemcg());
        json.writeEndObject();
    }

    private void processes(Incident.@Nullable Processes processes) throws IOException {
        if (processes == null) {
            json.writeNullField("processes");
            return;
        }
        json.writeObjectFieldStart("processes");
        json.writeNumberField("count", processes.count());
        json.writeNumberField("age_ms", processes.ageMs());
        number("pss_bytes", processes.pssBytes());
        number("rss_anon_bytes", processes.rssAnonBytes());
        json.writeEndObject();
    }

    void memoryStat(Map<String, Long> values) throws IOException {
        json.writeObjectFieldStart("memory_stat");
        for (Map.Entry<String, Long> each : values.entrySet()) {
            json.writeNumberField(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    void series(String name, Incident.Series series) throws IOException {
        json.writeObjectFieldStart(name);
        numbers("at_ms", series.atMs());
        for (Map.Entry<String, long[]> each : series.columns().entrySet()) {
            numbers(each.getKey(), each.getValue());
        }
        json.writeEndObject();
    }

    private void numbers(String name, long[] values) throws IOException {
        json.writeArrayFieldStart(name);
        for (long each : values) {
            if (each == Incident.Series.ABSENT) {
                json.writeNull();
            } else {
                json.writeNumber(each);
            }
        }
        json.writeEndArray();
    }

    private void number(String name, @Nullable Long value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}
