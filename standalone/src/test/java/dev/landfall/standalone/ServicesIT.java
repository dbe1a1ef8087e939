package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.Project;
import dev.landfall.run.CrashPoint;
import dev.landfall.standalone.demo.IndependentCheck;
import dev.landfall.standalone.demo.SampleData;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.standalone.demo.Sync;
import dev.landfall.standalone.demo.TableCheck;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three services as three processes, each from its own jar, on a broker and an S3 server: they meet in topics and in
 * the warehouse's file only.
 */
class ServicesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    private final List<ServiceProcess> processes = new ArrayList<>();
    private S3Server s3;
    private Map<String, String> environment;

    @BeforeEach
    void start() {
        s3 = S3Server.start();
        s3.createBucket("landing");
        s3.signIn();
        environment = new HashMap<>(s3.environment());
        environment.put("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("LANDFALL_LAKE_URI", "s3://");
        environment.put("LANDFALL_LAKE_MIRROR_DIR", directory.resolve("mirror").toString());
        environment.put("LANDFALL_SENSOR_POLL", "500ms");
        environment.put("LANDFALL_SENSOR_QUIET_PERIOD", "0s");
    }

    @AfterEach
    void stop() {
        processes.forEach(ServiceProcess::close);
        s3.close();
    }

    @Test
    void partitionsThatLandInS3BecomeMarts() throws Exception {
        environment.put("LANDFALL_TOPICS_PREFIX", "shop");
        environment.put(
                "LANDFALL_PROJECT_DIR",
                Path.of("../models").toAbsolutePath().normalize().toString());
        environment.put(
                "LANDFALL_WAREHOUSE_FILE", directory.resolve("shop.duckdb").toString());
        List<Sync> syncs = SampleData.generate(directory.resolve("syncs"), 1);
        land(syncs.subList(0, 2));
        start("sensor-service", "core-runner", "mart-runner");

        Project project = project();
        try (Warehouse warehouse = warehouse(project);
                Freshness freshness = new Freshness(project, warehouse, lake())) {
            awaitFresh(freshness);
            land(syncs.subList(2, syncs.size()));
            awaitFresh(freshness);

            assertThat(check(warehouse))
                    .allSatisfy(table -> assertThat(table.differences()).isEmpty());
        }
    }

    @Test
    void aCoreRunnerKilledInTheMiddleOfARunLosesNothing() throws Exception {
        Path project = GuideProject.write(directory.resolve("project"));
        environment.put("LANDFALL_TOPICS_PREFIX", "things");
        environment.put("LANDFALL_PROJECT_DIR", project.toString());
        // Every file is a transaction of its own: there are many middles.
        environment.put("LANDFALL_CORE_MAX_BATCH_BYTES", "1B");
        Path landed = directory.resolve("landed");
        try (ParquetFiles files = new ParquetFiles()) {
            Instant day = Instant.parse("2025-12-01T00:00:00Z");
            for (int i = 0; i < 60; i++) {
                String date = day.plus(Duration.ofDays(i)).toString().substring(0, 10);
                Path file =
                        files.write(landed.resolve(GuideProject.key(date, "a")), GuideProject.things(date, i % 30, 10));
                s3.put("landing", GuideProject.key(date, "a"), file);
            }
            start("sensor-service", "mart-runner");
            environment.put("JAVA_TOOL_OPTIONS", "-Dlandfall.crash-at=" + CrashPoint.BEFORE_COMMIT + ":6");
            start("core-runner");
            try (Warehouse warehouse = warehouse(project());
                    Freshness freshness = new Freshness(project(), warehouse, lake())) {
                awaitDeath("core-runner");
                long appliedAtDeath = applied(warehouse);
                environment.remove("JAVA_TOOL_OPTIONS");
                start("core-runner");
                awaitFresh(freshness);

                assertThat(appliedAtDeath)
                        .as("files applied when the runner was killed, at its sixth")
                        .isEqualTo(5);
                assertThat(applied(warehouse)).isEqualTo(60);
            }
            files.execute("attach '" + directory.resolve("guide.duckdb") + "' as guide (read_only)");
            String expected = GuideProject.newest(landed);

            assertThat(files.query("select thing_id, email, amount, updated_at from guide.things order by 1"))
                    .hasSize(39)
                    .isEqualTo(files.query(expected));
            assertThat(files.query("select things, amount from guide.totals"))
                    .isEqualTo(files.query("select count(*), sum(amount) from (" + expected + ")"));
        }
    }

    private void start(String... modules) {
        for (String module : modules) {
            processes.add(ServiceProcess.start(module, directory.resolve(module + ".log"), environment));
        }
    }

    private void awaitDeath(String module) {
        ServiceProcess process =
                processes.stream().filter(each -> each.isOf(module)).findFirst().orElseThrow();
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(process.alive()).as(process::lastWords).isFalse());
        processes.remove(process);
    }

    private void land(List<Sync> syncs) throws IOException {
        for (Sync sync : syncs) {
            for (SampleFile file : sync.files()) {
                s3.put("landing", file.key(), file.local());
                Path copy = directory.resolve("landed").resolve(file.key());
                Files.createDirectories(copy.getParent());
                Files.copy(file.local(), copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private List<TableCheck> check(Warehouse warehouse) {
        return warehouse.with("the check", session -> {
            try {
                return IndependentCheck.run(session, "main", directory.resolve("landed/raw"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Project project() throws Exception {
        return ProjectLoader.load(new ProjectOptions(
                Path.of(environment.get("LANDFALL_PROJECT_DIR")), null, null, Map.of(), environment));
    }

    private static Warehouse warehouse(Project project) {
        return Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("the test"));
    }

    private LakeSettings lake() {
        return LakeSettings.of(environment);
    }

    private static long applied(Warehouse warehouse) {
        return warehouse.with(
                "the test",
                session -> Ledger.find(session, "guide")
                        .map(ledger -> ledger.applied("model.guide.things"))
                        .orElse(0L));
    }

    private void awaitFresh(Freshness freshness) {
        assertThat(freshness.await(PATIENCE))
                .as(() -> String.join("; ", freshness.waiting()) + "\n" + lastWords())
                .isTrue();
    }

    private String lastWords() {
        return processes.stream().map(ServiceProcess::lastWords).collect(Collectors.joining("\n"));
    }
}
