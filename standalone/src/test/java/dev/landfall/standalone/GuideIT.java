package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.Project;
import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's own model, unmodified, in one process with everything else: over the end of a month and of a year. */
class GuideIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    @Test
    void theTableIsTheNewestRowOfEachThingOverAllFiles() throws Exception {
        Path projectDir = GuideProject.write(directory.resolve("project"));
        ProjectOptions options = ProjectOptions.of(projectDir);
        Project project = ProjectLoader.load(options);
        Path data = directory.resolve("data");
        LakeSettings lake = LakeSettings.of(data.resolve("lake").toString());
        Map<String, String> hurry = Map.of("landfall.sensor.poll", "200ms", "landfall.sensor.quiet-period", "0s");
        CommandLineFixture commands = new CommandLineFixture(directory);

        try (ParquetFiles files = new ParquetFiles()) {
            try (Pipeline pipeline = Pipeline.start(data, project, options, "{}", lake, hurry);
                    Freshness freshness = new Freshness(project, pipeline.warehouse(), lake)) {
                land(files, data, "2025-12-30", "a", 0, 30);
                fresh(freshness);
                land(files, data, "2025-12-31", "a", 10, 30);
                fresh(freshness);
                land(files, data, "2026-01-01", "a", 5, 10);
                fresh(freshness);
                // A late file of an old day: 0 to 4 are its newest rows, what it says of 5 to 14 is outdated.
                land(files, data, "2025-12-31", "late", 0, 15);
                land(files, data, "2026-01-31", "a", 20, 5);
                fresh(freshness);
                land(files, data, "2026-02-01", "a", 22, 18);
                fresh(freshness);

                assertThat(commands.run(
                                        "query",
                                        "select count(*) as n from things",
                                        "--project-dir",
                                        "project",
                                        "-o",
                                        "csv")
                                .out())
                        .isEqualTo("n\n40\n");
                // The services tell how they stand by and by.
                Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                    Outcome status = commands.run("status", "--project-dir", "project");
                    assertThat(status.code()).as(status.out() + status.err()).isZero();
                    assertThat(status.out()).contains("shop.things").contains("year=2026/month=02/day=01");
                });
                assertThatThrownBy(() -> Pipeline.start(data, project, options, "{}", lake, hurry))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining(data.toString());
            }
            files.execute("attach '" + directory.resolve("guide.duckdb") + "' as guide (read_only)");
            String expected = GuideProject.newest(data.resolve("lake/landing"));
            String found = "select thing_id, email, amount, updated_at from guide.things order by 1";

            assertThat(rows(files, found)).hasSize(40).isEqualTo(rows(files, expected));
            assertThat(rows(files, "select things, amount from guide.totals"))
                    .isEqualTo(rows(files, "select count(*), sum(amount) from (" + expected + ")"));
        }
    }

    private static void land(ParquetFiles files, Path data, String day, String name, int from, int count) {
        files.land(data.resolve("lake"), "landing", GuideProject.key(day, name), GuideProject.things(day, from, count));
    }

    private static void fresh(Freshness freshness) {
        assertThat(freshness.await(PATIENCE))
                .as(() -> String.join("; ", freshness.waiting()))
                .isTrue();
    }

    private static List<String> rows(ParquetFiles files, String query) {
        return files.query(query);
    }
}
