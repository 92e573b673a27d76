package io.memspike.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.memspike.cgroup.Source;
import io.memspike.linux.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SourceErrorsTest {
    private final SourceErrors errors = new SourceErrors();
    private final PrintStream standard = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void catchTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(standard);
    }

    @Test
    void shouldSayNothingOfWhatNeverHappened() {
        assertThat(counted()).isEmpty();
    }

    @Test
    void shouldCountAlwaysAndAskWhereOnlyForTheLog() {
        for (int i = 0; i < 100; i++) {
            errors.count(Source.STAT, Outcome.MALFORMED, () -> "/a/memory.stat");
            errors.count(Source.STAT, Outcome.FAILED, () -> "/a/memory.stat: EIO");
            errors.count(SourceErrors.Other.MEMINFO, Outcome.ABSENT, () -> "/proc/meminfo");
        }
        assertThat(counted())
                .containsExactly("meminfo absent 100", "memory.stat malformed 100", "memory.stat failed 100");
    }

    @Test
    void shouldLogOnceForEachDistinctError() {
        for (int i = 0; i < 100; i++) {
            errors.count(Source.STAT, Outcome.MALFORMED, () -> "/a/memory.stat");
            errors.count(Source.STAT, Outcome.MALFORMED, () -> "/b/memory.stat");
            errors.count(Source.EVENTS, Outcome.MALFORMED, () -> "/a/memory.events");
        }
        assertThat(logged()).hasSize(3).first().asString().contains("memory.stat malformed: /a/memory.stat");
    }

    @Test
    void shouldStopLoggingAndGoOnCountingWhenThereAreTooManyDistinctErrors() {
        for (int i = 0; i < 5000; i++) {
            String path = "/" + i;
            errors.count(Source.STAT, Outcome.MALFORMED, () -> path);
        }
        assertThat(logged()).hasSize(1000);
        assertThat(counted()).containsExactly("memory.stat malformed 5000");
    }

    private List<String> logged() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> counted() {
        List<String> counted = new ArrayList<>();
        errors.forEach((source, outcome, count) -> counted.add(source + " " + outcome + " " + count));
        return counted;
    }
}
