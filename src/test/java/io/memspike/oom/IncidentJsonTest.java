package io.memspike.oom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.memspike.testkit.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IncidentJsonTest {
    private static final Path GOLDEN = Fixtures.dir("incident/leak-1.json");

    /** Version 1 is in folders out there: if this fails, a reader of old files has to be kept, and a new version made. */
    @Test
    void shouldReadAndWriteVersion1AsEver() throws IOException {
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(GOLDEN, Incidents.json(Incidents.leak()));
        }
        assertThat(Incidents.json(Incidents.leak())).isEqualTo(Files.readString(GOLDEN));
        assertThat(read(Files.readString(GOLDEN))).usingRecursiveComparison().isEqualTo(Incidents.leak());
    }

    @Test
    void shouldReadExactlyWhatWasWritten() throws IOException {
        for (Incident each : List.of(Incidents.leak(), Incidents.bare())) {
            assertThat(read(Incidents.json(each))).usingRecursiveComparison().isEqualTo(each);
        }
    }

    @Test
    void shouldSkipWhatItDoesNotKnowWhereverItIs() throws IOException {
        String json = Incidents.json(Incidents.leak())
                .replace("\"hit\"", "\"new\" : [null, [1.5, {}], \"x\", 1e999], \"hit\"")
                .replace("\"kills\"", "\"later\" : { \"a\" : [{}, 99999999999999999999] }, \"kills\"")
                .replace("\"sentence\"", "\"advice\" : null, \"sentence\"");
        assertThat(read(json)).usingRecursiveComparison().isEqualTo(Incidents.leak());
    }

    @Test
    void shouldNotMindTheOrderOfFields() throws IOException {
        String json = Incidents.json(Incidents.leak());
        String head = "  \"format\" : \"memspike-incident\",\n  \"version\" : 1,\n";
        assertThat(json).startsWith("{\n" + head);
        String last = json.replace(head, "").replaceFirst("\n}\n$", ",\n" + head.replaceFirst(",\n$", "}"));
        assertThat(read(last)).usingRecursiveComparison().isEqualTo(Incidents.leak());
    }

    @Test
    void shouldLeaveOutTheSeriesFromASummary() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        IncidentJson.writeSummary(List.of(Incidents.leak(), Incidents.bare()), out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("[ {\n  \"format\" : \"memspike-incident\",\n  \"version\" : 1,\n")
                .contains("\"id\" : \"" + Incidents.leak().id() + "\"", "\"kind\" : \"limit_lowered\"")
                .doesNotContain("memory_stat", "ticks", "details")
                .endsWith("} ]\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "memspike-incident"     | "another"            | JSON, but no memspike-incident
                    "version" : 1           | "version" : 2        | an incident of version 2, and this Memspike reads version 1
                    "version" : 1           | "version" : "1"      | version is no whole number of 64 bits
                    "at_ms" : 1782907200123 | "at_ms" : 1.5        | at_ms is no whole number of 64 bits
                    "at_ms" : 1782907200123 | "x" : 1              | at_ms is missing
                    "kills" : 2             | "kills" : 9223372036854775808 | kills is no whole number of 64 bits
                    "group" : true          | "group" : 1          | group is neither true nor false
                    "pid" : 4711            | "pid" : 2147483648   | victim.pid is no whole number of 32 bits
                    "victim" : {            | "victim" : 1, "v" : {| victim is no object
                    "limits" : [ {          | "limits" : [ 1, {    | limits is no array of objects
                    "limits" : [ {          | "limits" : [ {}, {   | limits[0].cgroup is missing
                    "pgfault" : 943718400   | "pgfault" : null     | memory_stat.pgfault is no whole number of 64 bits
                    "anon" : [              | "anon" : [ 1,        | details.anon has 34 values, and at_ms 33
                    "at_ms" : [             | "at_ms" : [ null,    | ticks.at_ms has a null
                    "current_bytes" : [     | "current_bytes" : [ "a",| ticks.current_bytes is no array of whole numbers of 64 bits
                    "kind" : "leak"         | "kind" : "LEAK"      | verdict.kind is none of version 1
                    "kind" : "leak"         | "kind" : leak        | no JSON, or cut off
                    """)
    void shouldSayInOneLineWhatIsWrong(String right, String wrong, String line) {
        String json = Incidents.json(Incidents.leak());
        assertThat(json).contains(right);
        assertThatMalformed(json.replaceFirst(Pattern.quote(right), wrong), line);
    }

    @Test
    void shouldSayWhatIsNoIncidentAtAll() {
        String json = Incidents.json(Incidents.leak());
        assertThatMalformed("", "empty");
        assertThatMalformed("[]", "JSON, but no object");
        assertThatMalformed("{}", "JSON, but no memspike-incident");
        assertThatMalformed("\0\0\0\1", "no JSON, or cut off");
        assertThatMalformed(json.substring(0, json.indexOf("\"limits\"")), "no JSON, or cut off");
        assertThatMalformed(json + "{}", "something follows the incident");
        assertThatMalformed("{\"a\":" + "[".repeat(100), "longer or deeper than an incident can be");
        assertThatMalformed(json.replace("{\n", "{" + " ".repeat(9 << 20)), "longer or deeper than an incident can be");
        assertThatMalformed("{\"a\":[" + "{},".repeat(100_000) + "{}]}", "with more fields than an incident can have");
    }

    private static Incident read(String json) throws IOException {
        return IncidentJson.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertThatMalformed(String json, String line) {
        assertThatExceptionOfType(Malformed.class).isThrownBy(() -> read(json)).withMessage(line);
    }
}
