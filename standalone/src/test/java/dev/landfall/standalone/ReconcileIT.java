package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.Project;
import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ReconcileIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Map<String, String> HURRY =
            Map.of("landfall.sensor.poll", "200ms", "landfall.sensor.quiet-period", "0s");

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    private CommandLineFixture commands = new CommandLineFixture(Path.of(""));

    @BeforeEach
    void writeTheProject() {
        GuideProject.write(directory.resolve("project"));
        commands = new CommandLineFixture(directory).with("LANDFALL_PROJECT_DIR", "project");
    }

    @Test
    void accountsForEachObjectBesideARunningSystemAndWithoutIt() throws Exception {
        LakeSettings settings = LakeSettings.of(directory.resolve("data/lake").toString());
        Path bucket = Files.createDirectories(directory.resolve("data/lake/landing"));
        ProjectOptions options = ProjectOptions.of(directory.resolve("project"));
        Project project = ProjectLoader.load(options);
        try (ParquetFiles files = new ParquetFiles()) {
            land(files, "2026-01-30", "a");
            land(files, "2026-01-30", "b");
            land(files, "2026-01-31", "a");
            Files.createFile(bucket.resolve(GuideProject.key("2026-01-31", "empty")));
            Files.writeString(bucket.resolve("raw/shop/things/notes.txt"), "nothing to read");
            try (Pipeline pipeline =
                            Pipeline.start(directory.resolve("data"), project, options, "{}", settings, HURRY);
                    Freshness freshness = new Freshness(project, pipeline.warehouse(), settings)) {
                assertThat(freshness.await(PATIENCE)).isTrue();

                Outcome well = commands.run("reconcile");

                assertThat(well.code()).as(well.out() + well.err()).isZero();
                assertThat(row(well, "shop.things"))
                        .containsExactly("shop.things", "3", "0", "0", "0", "0", "0", "1 empty, 1 unknown");
                assertThat(well.out())
                        .contains("unaccounted objects: 0")
                        .contains("unknown names: raw/shop/things/notes.txt");

                Files.delete(bucket.resolve(GuideProject.key("2026-01-30", "b")));
                land(files, "2026-02-01", "a");
                assertThat(freshness.await(PATIENCE)).isTrue();
                awaitRow("shop.things", "3", "0", "0", "0", "1", "0", "1 empty, 1 unknown");
            }
            land(files, "2026-02-01", "b");

            Outcome still = commands.run("reconcile", "shop.things");

            assertThat(still.code()).isEqualTo(1);
            assertThat(row(still, "shop.things"))
                    .containsExactly("shop.things", "4", "1", "0", "0", "1", "0", "1 empty, 1 unknown");
            assertThat(still.out())
                    .contains("broker    none")
                    .contains("shop.things unaccounted: " + GuideProject.key("2026-02-01", "b"))
                    .contains("shop.things applied, vanished: " + GuideProject.key("2026-01-30", "b"))
                    .contains("unaccounted objects: 1");
        }
    }

    @Test
    void readsS3BesideARunningSystem() throws Exception {
        ProjectOptions options = ProjectOptions.of(directory.resolve("project"));
        Project project = ProjectLoader.load(options);
        try (S3Server s3 = S3Server.start();
                ParquetFiles files = new ParquetFiles()) {
            s3.signIn();
            s3.createBucket("landing");
            files.land(s3, "landing", GuideProject.key("2026-01-31", "a"), GuideProject.things("2026-01-31", 0, 10));
            LakeSettings settings = LakeSettings.of(
                    "s3://", s3.endpoint().toString(), null, true, "landing", "mirror", directory.resolve("m"), null);
            commands.with("LANDFALL_LAKE_ENDPOINT", s3.endpoint().toString());
            Map<String, String> more = new HashMap<>(HURRY);
            more.put("landfall.lake.endpoint", s3.endpoint().toString());
            try (Pipeline pipeline = Pipeline.start(directory.resolve("data"), project, options, "{}", settings, more);
                    Freshness freshness = new Freshness(project, pipeline.warehouse(), settings)) {
                assertThat(freshness.await(PATIENCE)).isTrue();

                Outcome well = commands.run("reconcile");

                assertThat(well.code()).as(well.out() + well.err()).isZero();
                assertThat(row(well, "shop.things")).startsWith("shop.things", "1", "0", "0", "0", "0", "0");
                assertThat(well.out()).contains("s3://landing at " + s3.endpoint());
            }
        }
    }

    @Test
    void tellsWhatWasAnnouncedFromWhatWasNot() throws Exception {
        try (ParquetFiles files = new ParquetFiles()) {
            land(files, "2026-01-30", "told");
            land(files, "2026-01-30", "untold");
        }
        commands.with("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers())
                .with("LANDFALL_TOPICS_PREFIX", "reconcile");
        String topic = new Topics("reconcile").landed("shop", "things");
        String key = GuideProject.key("2026-01-30", "told");
        LakeFile told;
        try (LocalLake lake = new LocalLake(directory.resolve("data/lake"))) {
            told = lake.stat("landing", key).orElseThrow();
        }
        LakeFile gone = new LakeFile(GuideProject.key("2026-01-30", "gone"), 3, "e", Instant.EPOCH);
        kafka.createTopic(topic);
        kafka.send(topic, "year=2026/month=01/day=30", EventJson.write(landed(List.of(told, gone))));

        Outcome outcome = commands.run("reconcile", "--patience", "0");

        assertThat(outcome.code()).isEqualTo(1);
        assertThat(row(outcome, "shop.things")).startsWith("shop.things", "2", "1", "1", "1", "0", "0");
        assertThat(outcome.out())
                .contains("unaccounted: " + GuideProject.key("2026-01-30", "untold"))
                .contains("landed, waiting: " + key)
                .contains("gone, not told: " + gone.key());
    }

    @Test
    void refusesAStreamThatIsNotThere() {
        Outcome outcome = commands.run("reconcile", "shop.nothing");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains("there is no stream 'shop.nothing'; the project has shop.things");
    }

    private static PartitionLanded landed(List<LakeFile> files) {
        return new PartitionLanded(
                "shop",
                "things",
                "landing",
                "raw/shop/things/",
                Map.of("year", "2026"),
                1,
                files,
                List.of(),
                Instant.EPOCH,
                PartitionLanded.manifest(files),
                "p");
    }

    private void land(ParquetFiles files, String day, String name) {
        files.land(
                directory.resolve("data/lake"), "landing", GuideProject.key(day, name), GuideProject.things(day, 0, 5));
    }

    private void awaitRow(String... cells) {
        Instant limit = Instant.now().plus(PATIENCE);
        List<String> row = row(commands.run("reconcile"), cells[0]);
        while (!row.equals(List.of(cells)) && Instant.now().isBefore(limit)) {
            row = row(commands.run("reconcile"), cells[0]);
        }
        assertThat(row).containsExactly(cells);
    }

    private static List<String> row(Outcome outcome, String stream) {
        return outcome.out()
                .lines()
                .filter(line -> line.startsWith(" " + stream + " ") && line.contains("|"))
                .map(line -> List.of(line.trim().split(" *\\| *")))
                .findFirst()
                .orElse(List.of());
    }
}
