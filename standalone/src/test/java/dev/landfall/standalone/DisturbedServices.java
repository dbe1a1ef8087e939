package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.landfall.event.Topics;
import dev.landfall.project.Project;
import dev.landfall.service.HealthChecks;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * One stream in S3, a model of the newest row of each key, one that only adds, a mart over the first, and services over
 * them. It knows what an undisturbed run makes of what landed.
 */
final class DisturbedServices implements AutoCloseable {
    private static final int ROWS = 2_000;

    private final KafkaFixture kafka;
    private final S3Server s3;
    private final Path directory;
    private final Topics topics = new Topics("t" + UUID.randomUUID().toString().substring(0, 8));
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final Map<String, ConfigurableApplicationContext> running = new LinkedHashMap<>();
    private final ParquetFiles parquet = new ParquetFiles();
    private final Warehouse warehouse;
    private int landed;

    /**
     * @param broker the port by which the services reach the broker
     * @param store the port by which they reach the S3 server
     */
    DisturbedServices(KafkaFixture kafka, int broker, S3Server s3, int store, Path directory) throws Exception {
        this.kafka = kafka;
        this.s3 = s3;
        this.directory = directory;
        s3.createBucket(bucket());
        writeProject();
        Project project = ProjectLoader.load(ProjectOptions.of(directory.resolve("project")));
        this.warehouse = Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("the test"));
        set("spring.kafka.bootstrap-servers", "127.0.0.1:" + broker);
        set("landfall.project-dir", directory.resolve("project"));
        set("landfall.topics.prefix", topics.prefix());
        set("landfall.lake.uri", "s3://");
        set("landfall.lake.bucket", bucket());
        set("landfall.lake.endpoint", "http://127.0.0.1:" + store);
        set("landfall.lake.path-style", "true");
        set("landfall.lake.mirror-dir", directory.resolve("mirror"));
        set("landfall.warehouse.shared", "true");
        set("landfall.warehouse.max-hold", "100ms");
        set("landfall.sensor.poll", "300ms");
        set("landfall.sensor.quiet-period", "0s");
        set("landfall.health-period", "500ms");
        set("landfall.core.retry-first", "100ms");
        set("landfall.mart.retry-first", "100ms");
    }

    void set(String property, Object value) {
        properties.put(property, value.toString());
    }

    /** Starts a service in this JVM. */
    void start(Class<?> application) {
        running.put(application.getSimpleName(), Pipeline.service(application, properties));
    }

    /** Starts a service in a process of its own. */
    Process startProcess(Class<?> application, String crashAt, Path log) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Daws.accessKeyId=" + S3Server.ACCESS_KEY,
                "-Daws.secretAccessKey=" + S3Server.SECRET_KEY,
                "-Daws.region=" + S3Server.REGION,
                "-Dlandfall.crash-at=" + crashAt,
                "-cp",
                System.getProperty("java.class.path"),
                application.getName(),
                "--spring.config.location=" + Pipeline.configuration(application),
                "--spring.main.web-application-type=none"));
        properties.forEach((name, value) -> command.add("--" + name + "=" + value));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Lands so many files, each in a partition of its own; each takes half of the former's rows over. */
    void land(int files) {
        for (int i = 0; i < files; i++) {
            int number = ++landed;
            String date = LocalDate.of(2026, 1, 1).plusDays(number).toString();
            String key = GuideProject.key(date, "a");
            String query = ("select %d * %d + range as id, md5('%d ' || range) as name,"
                            + " timestamp '%s 08:00:00' as _airbyte_extracted_at from range(%d)")
                    .formatted(number, ROWS / 2, number, date, ROWS);
            s3.put(bucket(), key, parquet.write(directory.resolve("landed").resolve(key), query));
        }
    }

    /** Puts an object of any content beside what landed, in a partition of its own. */
    void put(String date, String name, String content) {
        s3.put(bucket(), GuideProject.key(date, name), content);
    }

    /** A command line that finds the services as one on another machine does: by their broker. */
    CommandLineFixture commands() {
        s3.signIn();
        return new CommandLineFixture(directory.resolve("project"))
                .with(
                        "SPRING_KAFKA_BOOTSTRAP_SERVERS",
                        String.valueOf(properties.get("spring.kafka.bootstrap-servers")))
                .with("LANDFALL_TOPICS_PREFIX", topics.prefix())
                .with("LANDFALL_LAKE_URI", "s3://")
                .with("LANDFALL_LAKE_BUCKET", bucket())
                .with("LANDFALL_LAKE_ENDPOINT", String.valueOf(properties.get("landfall.lake.endpoint")))
                .with("LANDFALL_LAKE_PATH_STYLE", "true")
                .with("LANDFALL_LAKE_MIRROR_DIR", String.valueOf(properties.get("landfall.lake.mirror-dir")));
    }

    /** Waits until everything that landed is in the tables and the mart, and every service in this JVM is well. */
    void awaitAll() {
        patiently().ignoreExceptions().untilAsserted(() -> {
            assertThat(query("select count(*) from log_things")).containsExactly(String.valueOf(landed * ROWS));
            assertThat(query("select newest from totals"))
                    .isEqualTo(query("select max(_airbyte_extracted_at) from int_things"));
            running.forEach((name, service) ->
                    assertThat(health(service).problems()).as(name).isEmpty());
        });
    }

    void checkEndsAsUndisturbed() {
        String all = "read_parquet('" + directory.resolve("landed") + "/**/*.parquet', hive_partitioning=false)";
        assertThat(query("select id, name, _airbyte_extracted_at::varchar from int_things order by id"))
                .isEqualTo(parquet.query("select id, name, _airbyte_extracted_at::varchar from " + all
                        + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1"
                        + " order by id"));
        assertThat(query("select count(*), count(distinct name) from log_things"))
                .as("a model that only adds shows what is applied twice")
                .isEqualTo(parquet.query("select count(*), count(distinct name) from " + all));
        assertThat(query("select things, newest from totals"))
                .isEqualTo(query("select count(*), max(_airbyte_extracted_at) from int_things"));
        assertThat(announced())
                .as("each partition is announced once")
                .hasSize(landed)
                .doesNotHaveDuplicates();
        assertThat(kafka.read(topics.deadLetters())).as("no file is to blame").isEmpty();
    }

    /** What each service in this JVM says of a part. */
    List<String> troubles(String part) {
        return running.values().stream()
                .map(service -> String.valueOf(health(service).problems().get(part)))
                .toList();
    }

    static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(100));
    }

    private String bucket() {
        return topics.prefix();
    }

    private static HealthChecks health(ConfigurableApplicationContext service) {
        return service.getBean(HealthChecks.class);
    }

    private List<String> announced() {
        return kafka.read(topics.landed("shop", "things")).stream()
                .map(ConsumerRecord::key)
                .toList();
    }

    /** One line for each row, as {@link ParquetFiles#query} has them. */
    List<String> query(String sql) {
        return warehouse.with(
                "test",
                session -> session.query(sql).rows().stream()
                        .map(row -> String.join(
                                " | ", row.stream().map(String::valueOf).toList()))
                        .toList());
    }

    private void writeProject() {
        write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2}}}\n");
        write("streams/shop/things.json", "{}");
        write("models/int_things.sql", """
                {{ config(tags=['shop__things'], materialized='incremental', unique_key='id',
                          incremental_strategy='delete+insert') }}
                select id, name, _airbyte_extracted_at
                from read_parquet('s3://%s/raw/shop/things/**/*')
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(bucket()));
        write("models/log_things.sql", """
                {{ config(tags=['shop__things'], materialized='incremental', incremental_strategy='append') }}
                select name from read_parquet({{ var('files', "'s3://%s/raw/shop/things/**/*'") }})
                """.formatted(bucket()));
        write("models/totals.sql", """
                {{ config(materialized='table') }}
                select count(*) as things, max(_airbyte_extracted_at) as newest from {{ ref('int_things') }}
                """);
    }

    private void write(String path, String text) {
        Path file = directory.resolve("project").resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        running.values().forEach(ConfigurableApplicationContext::close);
        warehouse.close();
        parquet.close();
    }
}
