package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.run.RunSettings.OnDroppedRows;
import dev.landfall.run.RunSettings.OnModelChange;
import dev.landfall.run.RunSettings.OnOlderLanding;
import dev.landfall.run.RunSettings.OnVanished;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of rows whose file the bucket no longer has. */
class VanishedFilesTest {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String FOLDER = "raw/shop/things/day=1/";

    @TempDir
    Path folder;

    private LocalLake lake;
    private Warehouse warehouse;
    private Project project;
    private TestProject templates;

    @BeforeEach
    void landTwoFiles() {
        lake = new LocalLake(folder);
        templates = new TestProject(Targets.inMemory())
                .stream("shop", "things")
                        .model(
                                "things",
                                Map.of(
                                        "materialized",
                                        "incremental",
                                        "tags",
                                        List.of("shop__things"),
                                        "unique_key",
                                        "id"),
                                (request, vars) -> {
                                    vars.get("files");
                                    return "select id, _airbyte_extracted_at, _airbyte_raw_id"
                                            + " from read_parquet('s3://landing/raw/shop/things/**/*')";
                                });
        project = templates.project();
        warehouse = Warehouse.open(Targets.inMemory(), folder, WarehouseSettings.exclusive("test"));
        put(1);
        put(2);
    }

    private void put(int id) {
        try (ParquetFiles parquet = new ParquetFiles()) {
            parquet.land(
                    folder,
                    "landing",
                    FOLDER + id + ".parquet",
                    "select " + id + " as id, timestamptz '2026-01-01 00:00Z' as _airbyte_extracted_at, '" + id
                            + "' as _airbyte_raw_id");
        }
    }

    @AfterEach
    void close() {
        warehouse.close();
        lake.close();
    }

    @Test
    void theirRowsStayWithAWarning() throws IOException {
        assertThat(applyThenVanish(OnVanished.IGNORE).warnings())
                .singleElement()
                .asString()
                .contains("vanished from the lake", FOLDER + "1.parquet", "their rows stay");
        assertThat(ids()).isEqualTo("[[1], [2]]");
    }

    @Test
    void theirRowsGoWhereThatIsSet() throws IOException {
        RunResult.Succeeded refreshed = applyThenVanish(OnVanished.FULL_REFRESH);

        assertThat(refreshed.event().fullRefresh()).isTrue();
        assertThat(ids()).isEqualTo("[[2]]");
    }

    @Test
    void whatLandsWhileTheirRowsGoIsTakenIn() throws IOException {
        StreamRunner runner = runner(OnVanished.FULL_REFRESH, 1);
        put(3);
        apply(runner, landed(List.of()));
        Files.delete(folder.resolve("landing").resolve(FOLDER + "1.parquet"));
        LanePosition lane = LanePosition.none(runner.takeLane(THINGS));
        StreamRunner.Application refresh =
                runner.application(THINGS, List.of(landed(List.of(FOLDER + "1.parquet"))), lane, false, false, true);

        assertThat(refresh.work(() -> true, result -> {})).isFalse();
        put(4);
        assertThat(runner.application(THINGS, List.of(landed(List.of())), lane, false, false, false)
                        .work(() -> true, result -> {}))
                .isTrue();
        String meanwhile = ids();
        while (!refresh.work(() -> true, result -> {})) {
            assertThat(ids()).isEqualTo(meanwhile);
        }

        assertThat(meanwhile).isEqualTo("[[1], [2], [3], [4]]");
        assertThat(ids()).isEqualTo("[[2], [3], [4]]");
    }

    private StreamRunner runner(OnVanished policy, long maxBatchBytes) {
        return new StreamRunner(
                () -> project,
                warehouse,
                lake,
                new DirectReader(lake),
                new RunSettings(
                        "landing",
                        maxBatchBytes,
                        OnDroppedRows.APPLY,
                        OnOlderLanding.REBUILD,
                        policy,
                        OnModelChange.WARN,
                        RunSettings.DEFAULT.createEmpty()),
                any -> templates);
    }

    private RunResult.Succeeded applyThenVanish(OnVanished policy) throws IOException {
        StreamRunner runner = runner(policy, 1L << 20);
        apply(runner, landed(List.of()));
        Files.delete(folder.resolve("landing").resolve(FOLDER + "1.parquet"));
        return apply(runner, landed(List.of(FOLDER + "1.parquet")));
    }

    private static RunResult.Succeeded apply(StreamRunner runner, PartitionLanded landed) {
        RunResult result = runner.apply(THINGS, List.of(landed), LanePosition.none(runner.takeLane(THINGS)), false)
                .get(0);
        assertThat(result).isInstanceOf(RunResult.Succeeded.class);
        return (RunResult.Succeeded) result;
    }

    private PartitionLanded landed(List<String> gone) {
        PartitionLanded now =
                TestProject.landings(lake, "landing", "shop", "things").get(0);
        return new PartitionLanded(
                now.source(),
                now.stream(),
                now.bucket(),
                now.prefix(),
                now.partition(),
                now.chunk(),
                now.files(),
                gone,
                now.detectedAt(),
                now.manifest(),
                now.projectChecksum());
    }

    private String ids() {
        return warehouse.with(
                "test",
                session -> String.valueOf(
                        session.query("select id from things order by 1").rows()));
    }
}
