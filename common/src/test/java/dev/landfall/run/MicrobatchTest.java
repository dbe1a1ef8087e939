package dev.landfall.run;

import static dev.landfall.run.OneShotProject.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.run.NodeResult.Status;
import dev.landfall.template.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MicrobatchTest {
    private static final Instant NOW = Instant.parse("2026-03-15T10:20:30Z");

    @TempDir
    Path directory;

    private OneShotProject project;

    @BeforeEach
    void layOutTheProject() throws IOException {
        project = new OneShotProject(directory);
        events("(1, timestamp '2026-01-05'), (2, timestamp '2026-01-31 23:59:59'), (3, timestamp '2026-02-01')");
        model("month", "");
    }

    @Test
    void beginsAtBeginTheFirstTimeAndLooksBackLater() throws Exception {
        Microbatch months = microbatch();

        assertThat(ids(months.plan(false, null, null, NOW))).containsExactly("202601", "202602", "202603");
        assertThat(ids(months.plan(true, null, null, NOW))).containsExactly("202602", "202603");
        assertThat(ids(months.plan(true, null, null, Instant.parse("2026-03-01T00:00:00Z"))))
                .containsExactly("202601", "202602");
        assertThat(months.plan(true, Microbatch.parse("2026-01-09"), Microbatch.parse("2026-01-10 08:00:00"), NOW))
                .containsExactly(
                        new Batch("202601", Microbatch.parse("2026-01-01"), Microbatch.parse("2026-02-01T00:00:00Z")));
    }

    @Test
    void hoursAndYearsHaveTheirOwnBounds() throws Exception {
        model("hour", "");
        List<Batch> hours = microbatch().plan(true, null, null, NOW);
        model("year", "");

        assertThat(ids(hours)).containsExactly("20260315T09", "20260315T10");
        assertThat(ids(microbatch().plan(false, null, null, NOW))).containsExactly("2026");
    }

    @Test
    void replacesTheRowsOfItsBatchesAndReadsOnlyThem() throws Exception {
        ProjectRun.Flags january = january();
        project.run("run", january);
        events("(7, timestamp '2026-01-06'), (8, timestamp '2026-02-02')");
        project.run("run", january);

        assertThat(project.rows("select id, batch from months order by all")).isEqualTo("7|202601");
    }

    @Test
    void aBatchThatFailsLeavesTheOthersAlone() throws Exception {
        model("month", "where (case when month(seen) = 2 then 'no february' else '1' end)::int = 1");

        NodeResult result = result(
                project.run(
                        "run",
                        new ProjectRun.Flags("run", false, false, 2, false, null, Microbatch.parse("2026-03-31"))),
                "months");

        assertThat(result.status()).isEqualTo(Status.PARTIAL_SUCCESS);
        assertThat(ids(result.failedBatches())).containsExactly("202602");
        assertThat(result.message()).contains("batch 202602", "no february");
        assertThat(project.rows("select id from months order by all")).isEqualTo("1\n2");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        model("week", "");

        assertThatThrownBy(() -> project.run("run", january()))
                .isInstanceOf(InvalidProjectException.class)
                .hasMessageContaining("models/months.sql:1:10: 'batch_size' is 'week', but must be one of hour, day");
    }

    private static ProjectRun.Flags january() {
        return new ProjectRun.Flags(
                "run", false, false, 2, false, Microbatch.parse("2026-01-01"), Microbatch.parse("2026-01-31"));
    }

    private Microbatch microbatch() throws Exception {
        return new Microbatch(project.project().model("months").orElseThrow());
    }

    private static List<String> ids(List<Batch> batches) {
        return batches.stream().map(Batch::id).toList();
    }

    private void model(String size, String where) throws IOException {
        project.write("models/months.sql", """
                {{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen',
                          batch_size='%s', begin='2026-01-01') }}
                select *, '{{ model.batch.id }}' as batch from {{ ref('events') }} %s
                """.formatted(size, where));
    }

    private void events(String values) throws IOException {
        project.write(
                "models/events.sql",
                "{{ config(event_time='seen') }} select * from (values " + values + ") t(id, seen)");
    }
}
