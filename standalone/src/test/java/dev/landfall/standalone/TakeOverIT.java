package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.Project;
import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A warehouse that something else has built, and one that is damaged. */
class TakeOverIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private ParquetFiles parquet;
    private CommandLineFixture commands;
    private Project project;
    private LakeSettings lake;

    @BeforeEach
    void start() throws Exception {
        parquet = new ParquetFiles();
        GuideProject.write(directory.resolve("project"));
        for (String day : List.of("2026-01-30", "2026-01-31")) {
            land(day);
        }
        lake = LakeSettings.of(directory.resolve("lake").toString());
        commands = new CommandLineFixture(directory)
                .with("LANDFALL_PROJECT_DIR", directory.resolve("project").toString())
                .with("LANDFALL_LAKE_URI", directory.resolve("lake").toString());
        project = ProjectLoader.load(options());
    }

    @AfterEach
    void stop() {
        parquet.close();
    }

    @Test
    void runsNothingOnDayOneAndOnlyWhatIsNewerThen() throws Exception {
        assertThat(commands.run("run").code()).isZero();

        Outcome outcome = commands.run("adopt", "--as-of", "2026-02-01T00:00:00Z");
        Outcome again = commands.run("adopt", "--as-of", "2026-02-01T00:00:00Z");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .containsPattern("things +\\| yes +\\| +2 \\| +\\|")
                .containsPattern("totals +\\| yes");
        assertThat(again.out()).containsPattern("things +\\| no .*is Landfall's already");

        try (Pipeline pipeline = up();
                Freshness freshness = new Freshness(project, pipeline.warehouse(), lake)) {
            assertThat(commands.run("backfill", "shop.things").code()).isZero();
            assertThat(freshness.await(PATIENCE))
                    .as(String.join("; ", freshness.waiting()))
                    .isTrue();
            assertThat(commands.run("adopt").err()).contains("stop it, adopt, and start it again");
            assertThat(runs(pipeline.warehouse())).isEmpty();

            land("2026-02-02");
            assertThat(commands.run("backfill", "shop.things").code()).isZero();
            assertThat(freshness.await(PATIENCE))
                    .as(String.join("; ", freshness.waiting()))
                    .isTrue();
            assertThat(runs(pipeline.warehouse())).containsExactly("model.guide.things 1", "model.guide.totals 0");
        }
        assertThat(things()).isEqualTo(parquet.query(GuideProject.newest(directory.resolve("lake/landing"))));
    }

    @Test
    void leavesFilesToTheFirstRunThatAreNewerThanTheTable() throws Exception {
        assertThat(commands.run("run").code()).isZero();

        Outcome undated = commands.run("adopt", "--as-of", "long ago");
        Outcome outcome = commands.run("adopt");

        assertThat(undated.code()).isEqualTo(Landfall.USAGE);
        assertThat(outcome.out())
                .as("the last file was written after its rows were extracted: whether dbt saw it cannot be told")
                .containsPattern("things +\\| yes +\\| +1 \\| +1 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"header", "log", "half"})
    void setsADamagedWarehouseAsideAndRebuildsItFromTheLake(String damage) throws Exception {
        assertThat(commands.run("recover").err()).contains("nothing has to be set aside");
        assertThat(commands.run("run").code()).isZero();
        List<String> before = things();
        assertThat(commands.run("recover").err()).contains("DuckDB can open");
        damage(directory.resolve("guide.duckdb"), damage);
        Outcome broken = commands.run("query", "select 1");

        Outcome outcome = commands.run("recover");

        assertThat(broken.err()).contains("landfall recover");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("set aside as", "shop.things  2 partitions in", "rebuilt from the lake in");
        assertThat(things()).isEqualTo(before);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .filteredOn(name -> name.contains("aside"))
                    .hasSize(damage.equals("log") ? 2 : 1);
        }

        try (Warehouse warehouse = warehouse();
                Freshness freshness = new Freshness(project, warehouse, lake)) {
            assertThat(freshness.waiting())
                    .as("the services find everything applied")
                    .isEmpty();
        }
        if (damage.equals("half")) {
            auditsWithoutServices();
        }
    }

    /** As this process does it by itself: the ledger is there. */
    private void auditsWithoutServices() {
        Outcome equal = commands.run("audit", "--all");
        try (Warehouse warehouse = warehouse()) {
            warehouse.with("test", session -> {
                session.execute("update things set email = 'nobody', _airbyte_extracted_at = '2020-01-01'"
                        + " where thing_id = 'thing-3'; delete from things where thing_id = 'thing-4'");
                return true;
            });
        }

        Outcome differs = commands.run("audit", "things", "--sample", "2");

        assertThat(equal.code()).as(equal.err()).isZero();
        assertThat(equal.out()).contains("equal   things: 10 rows of 2 files, digest");
        assertThat(differs.code()).isEqualTo(Landfall.FAILED);
        assertThat(differs.out())
                .contains("differs things: 9 rows of 2 files, the lake makes 10 rows; 2 differ")
                .contains("thing-3", "table  ", "nobody", "lake   ", "3@2026-01-31")
                .contains("thing-4", "table  has no such row", "4@2026-01-31");
    }

    private static void damage(Path file, String damage) throws Exception {
        Path damaged = damage.equals("log") ? leaveLog(file) : file;
        try (RandomAccessFile open = new RandomAccessFile(damaged.toFile(), "rw")) {
            switch (damage) {
                case "half" -> open.setLength(open.length() / 2);
                case "log" -> {
                    open.seek(open.length() / 2);
                    open.write(new byte[300]);
                }
                default -> {
                    open.seek(4096);
                    open.write(new byte[64]);
                }
            }
        }
    }

    /** As a killed process does. */
    private static Path leaveLog(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma disable_checkpoint_on_shutdown");
            statement.execute("update things set amount = amount + 1");
        }
        return file.resolveSibling(file.getFileName() + ".wal");
    }

    private ProjectOptions options() {
        return ProjectOptions.of(directory.resolve("project"));
    }

    private Pipeline up() {
        Map<String, String> hurry = Map.of("landfall.sensor.poll", "500ms", "landfall.sensor.quiet-period", "0s");
        return Pipeline.start(directory.resolve("data"), project, options(), "{}", lake, hurry);
    }

    /** An hour after its rows were extracted. */
    private void land(String day) throws IOException {
        Path file = parquet.land(
                directory.resolve("lake"), "landing", GuideProject.key(day, "a"), GuideProject.things(day, 0, 10));
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(day + "T10:00:00Z")));
    }

    private List<String> things() {
        try (Warehouse warehouse = warehouse()) {
            return query(warehouse, "select thing_id, email, amount, updated_at from things order by 1");
        }
    }

    private static List<String> runs(Warehouse warehouse) {
        return query(
                warehouse, "select model || ' ' || files from _landfall.runs where status = 'success' order by model");
    }

    private Warehouse warehouse() {
        return Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("test"));
    }

    private static List<String> query(Warehouse warehouse, String sql) {
        return warehouse.with(
                "test",
                session -> session.query(sql).rows().stream()
                        .map(row -> String.join(
                                " | ", row.stream().map(String::valueOf).toList()))
                        .toList());
    }
}
