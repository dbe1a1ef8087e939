package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.run.LanePosition;
import dev.landfall.run.RunResult;
import dev.landfall.run.RunSettings;
import dev.landfall.run.StreamRunner;
import dev.landfall.service.DirectReading;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sensor and runner over a real S3 server: what is overwritten between the listing and the read. */
class OverwrittenBeforeReadIT {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String FOLDER = "raw/shop/things/year=2026/month=01/day=15/";
    private static final Duration QUIET = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private final List<PartitionLanded> topic = new ArrayList<>();
    private Duration passed = Duration.ZERO;

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "httpfs"})
    void isRefusedAnnouncedAnewAndAppliedWithItsNewContent(String way) throws Exception {
        assumeTrue(
                way.equals("mirror") || httpfsIsHere(),
                "DuckDB's extension httpfs is not here; LANDFALL_DUCKDB_EXTENSIONS=DIRECTORY names where it is");
        Project project = ProjectLoader.load(ProjectOptions.of(project()));
        try (S3Server server = S3Server.start();
                ParquetFiles parquet = new ParquetFiles()) {
            server.signIn();
            server.createBucket("landing");
            LakeSettings settings = LakeSettings.of(Map.of(
                    "LANDFALL_LAKE_ENDPOINT", server.endpoint().toString(),
                    "LANDFALL_LAKE_READ", way,
                    "LANDFALL_LAKE_MIRROR_DIR", directory.resolve("mirror").toString()));
            try (Lake lake = Lakes.open(settings);
                    LakeReader reader = Lakes.reader(lake, settings);
                    Warehouse warehouse = Warehouse.open(
                            project.target(),
                            project.directory(),
                            DirectReading.open(reader, project, "landing", WarehouseSettings.exclusive("test")))) {
                StreamPoll poll = poll(lake);
                StreamRunner runner = new StreamRunner(
                        () -> project, warehouse, lake, reader, RunSettings.DEFAULT.withBucket("landing"));
                long epoch = runner.takeLane(THINGS);
                parquet.land(server, "landing", FOLDER + "a.parquet", "select 1 as id, 'old' as name");
                parquet.land(server, "landing", FOLDER + "b.parquet", "select 2 as id, 'other' as name");
                look(poll);
                assertThat(topic).hasSize(1);

                parquet.land(server, "landing", FOLDER + "a.parquet", "select 1 as id, 'new' as name");
                List<RunResult> refused = runner.apply(THINGS, topic, new LanePosition(epoch, 0, 0), false);
                List<String> meanwhile = rows(warehouse);
                look(poll);
                List<RunResult> applied =
                        runner.apply(THINGS, topic.subList(1, topic.size()), new LanePosition(epoch, 1, 1), false);
                look(poll);

                assertThat(refused)
                        .allSatisfy(result -> assertThat(result.deadLettered()).isEmpty());
                assertThat(meanwhile).containsExactly("[2, other]");
                assertThat(topic).hasSize(2);
                assertThat(applied).hasSize(1).allMatch(RunResult.Succeeded.class::isInstance);
                assertThat(rows(warehouse)).containsExactly("[1, new]", "[2, other]");
            }
        }
    }

    private StreamPoll poll(Lake lake) {
        LakeSensor.Subject subject =
                new LakeSensor.Subject(THINGS, "landing", "raw/shop/things/", QUIET, Duration.ofSeconds(30), "p");
        StreamPoll.Rhythm rhythm =
                new StreamPoll.Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofHours(1), false);
        InstantSource clock = () -> Instant.now().plus(passed);
        return new StreamPoll(lake, subject, new LakeSensor(subject), rhythm, topic::addAll, clock, Runnable::run);
    }

    /** Some polls, with time enough between them for everything to come to rest. */
    private void look(StreamPoll poll) throws NotAnnouncedException {
        for (int i = 0; i < 3; i++) {
            passed = passed.plusSeconds(10);
            poll.turn();
        }
    }

    private static List<String> rows(Warehouse warehouse) {
        return warehouse.with(
                "test",
                session -> session.query("select id, name from things order by id").rows().stream()
                        .map(String::valueOf)
                        .toList());
    }

    private static boolean httpfsIsHere() {
        String extensions = System.getenv("LANDFALL_DUCKDB_EXTENSIONS");
        if (extensions == null) {
            return false;
        }
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("set extension_directory = '" + extensions + "'");
            statement.execute("load httpfs");
            return true;
        } catch (SQLException notThere) {
            return false;
        }
    }

    private Path project() throws IOException {
        Path project = directory.resolve("project");
        write(project.resolve("dbt_project.yml"), "name: small\nversion: '1.0'\nprofile: small\nmodel-paths: [core]\n");
        write(
                project.resolve("profiles.yml"),
                "small: {target: dev, outputs: {dev: {type: duckdb, path: ':memory:'}}}\n");
        write(project.resolve("streams/shop/things.json"), "{}");
        write(project.resolve("core/things.sql"), """
                {{ config(tags=['shop__things'], materialized='incremental', unique_key='id') }}
                select id, name from read_parquet({{ var('files') }}, union_by_name=true)
                """);
        return project;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
