package dev.landfall.standalone;

import static dev.landfall.standalone.DisturbedServices.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.sensor.SensorApplication;
import dev.landfall.standalone.CommandLineFixture.Outcome;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.S3Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask, of three processes that they reach through the broker, and a warehouse that all take turns at. */
@Tag("soak")
class OperatorsAcrossProcessesIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private S3Server s3;
    private DisturbedServices services;
    private CommandLineFixture commands;

    @BeforeEach
    void start() throws Exception {
        s3 = S3Server.start();
        services = new DisturbedServices(kafka, kafka.port(), s3, s3.endpoint().getPort(), directory);
        commands = services.commands();
        services.land(3);
        for (Class<?> service :
                List.of(SensorApplication.class, CoreRunnerApplication.class, MartRunnerApplication.class)) {
            processes.add(services.startProcess(service, "", directory.resolve(service.getSimpleName() + ".log")));
        }
        services.awaitAll();
    }

    @AfterEach
    void stop() throws Exception {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            process.waitFor();
        }
        services.close();
        s3.close();
    }

    @Test
    void eachCommandReachesTheServices() throws Exception {
        patiently().untilAsserted(() -> assertThat(fine("status")).contains("shop.things", "int_things", "totals"));
        assertThat(fine("query", "select count(*) as n from int_things")).contains("4000");
        assertThat(fine("reconcile")).contains("unaccounted objects: 0");
        assertThat(fine("backfill", "shop.things")).contains("shop.things listing  done: 3 files");
        assertThat(fine("audit", "int_things")).contains("equal   int_things: 4,000 rows of 3 files");

        change("delete from int_things where id < 2500");
        Outcome differs = commands.run("audit", "int_things", "--sample", "2");
        assertThat(differs.code()).isEqualTo(Landfall.FAILED);
        assertThat(differs.out()).contains("1,500 differ", "has no such row");
        assertThat(differs.out().lines().filter(line -> line.contains("    lake   ")))
                .hasSize(2);

        assertThat(fine("replay", "shop.things", "--from", "2026-01-02", "--to", "2026-01-02"))
                .contains("done: 1 partition in");
        assertThat(fine("replay", "shop.things")).contains("done: 3 partitions in");
        assertThat(fine("audit", "int_things")).contains("equal");

        change("delete from int_things");
        assertThat(fine("replay", "shop.things", "--full-refresh")).contains("full-refresh  done: 3 files");
        assertThat(fine("audit", "--all")).contains("equal   int_things", "equal   log_things");
        change("delete from int_things");
        assertThat(fine("run", "--full-refresh", "--select", "int_things")).contains("full-refresh  done: 3 files");
        assertThat(fine("audit", "int_things")).contains("equal");

        services.put("2026-01-20", "broken", "this is not Parquet, whatever its name says");
        patiently()
                .untilAsserted(() -> assertThat(fine("dead-letters", "list"))
                        .contains("int_things", "broken.parquet", "year=2026/month=01/day=20"));
        assertThat(fine("dead-letters", "show", "broken.parquet")).contains("reason", "shop.things");
        Outcome retried = commands.run("dead-letters", "retry", "broken.parquet");
        assertThat(retried.code()).isEqualTo(Landfall.FAILED);
        assertThat(retried.err()).contains("broken.parquet");
        fine("dead-letters", "drop", "--all");
        patiently().untilAsserted(() -> assertThat(fine("dead-letters", "list")).contains("nothing is set aside"));

        assertThat(commands.run("recover").err()).contains("DuckDB can open");
        services.land(1);
        services.awaitAll();
    }

    private String fine(String... command) {
        Outcome outcome = commands.run(command);
        assertThat(outcome.code())
                .as(String.join(" ", command) + ": " + outcome.err())
                .isZero();
        return outcome.out();
    }

    private void change(String sql) throws Exception {
        services.query(sql);
    }
}
