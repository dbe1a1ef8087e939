package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.event.Topics;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.sensor.SensorApplication;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import dev.landfall.testing.FaultyProxy;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The network between the three services, their broker and their store fails in the middle of everything. In the end the
 * tables are those of an undisturbed run, each landing was announced and applied once, nothing is blamed, and health told
 * what was away for as long as it was.
 */
class FaultsIT {
    private static final FaultyProxy toKafka = FaultyProxy.start();
    private static final FaultyProxy toStore = FaultyProxy.start();

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.behind(toKafka);

    private static final int ROWS = 2_000;

    @TempDir
    Path directory;

    private static S3Server s3;
    private final Topics topics = new Topics("t" + UUID.randomUUID().toString().substring(0, 8));
    private final Map<String, ConfigurableApplicationContext> services = new LinkedHashMap<>();
    private final ParquetFiles parquet = new ParquetFiles();
    private String bucket = "";
    private int landed;

    @BeforeAll
    static void open() {
        toKafka.leadTo(kafka.port());
        s3 = S3Server.start();
        s3.signIn();
        toStore.leadTo(s3.endpoint().getPort());
    }

    @AfterAll
    static void close() {
        toStore.close();
        toKafka.close();
        s3.close();
    }

    @BeforeEach
    void start() throws IOException {
        bucket = topics.prefix();
        s3.createBucket(bucket);
        writeProject();
        Map<String, Object> properties = properties();
        services.put("sensor", Pipeline.service(SensorApplication.class, properties));
        services.put("core", Pipeline.service(CoreRunnerApplication.class, properties));
        services.put("mart", Pipeline.service(MartRunnerApplication.class, properties));
    }

    @AfterEach
    void stop() {
        toKafka.heal();
        toStore.heal();
        services.values().forEach(ConfigurableApplicationContext::close);
        parquet.close();
    }

    @Test
    void losesAndDoublesNothingWhenConnectionsBreakAndTheStoreAndTheBrokerAreAway() {
        // Listings pass, files do not.
        breakInTheMiddle(toStore, 20_000, () -> land(3));
        awaitAll();

        toStore.cut();
        patiently()
                .untilAsserted(() -> assertThat(troubles("lake"))
                        .allSatisfy(
                                trouble -> assertThat(trouble).contains("127.0.0.1:" + toStore.port(), "since 20")));
        land(2);
        toStore.heal();
        awaitAll();

        breakInTheMiddle(toKafka, 2_000, () -> land(3));
        land(2);
        toKafka.cut();
        toKafka.heal();
        awaitAll();

        checkEndsAsUndisturbed();
    }

    @Tag("soak")
    @Test
    void saysThatTheBrokerIsAwayAndGoesOnWhenItIsBack() {
        toKafka.cut();
        land(2);
        patiently()
                .untilAsserted(() -> assertThat(troubles("kafka"))
                        .allSatisfy(trouble -> assertThat(trouble).contains("no broker answers", "since 20")));
        toKafka.heal();

        awaitAll();
        checkEndsAsUndisturbed();
    }

    /** As a lost route: nothing comes, and nobody says so. */
    @Tag("soak")
    @Test
    void saysThatTheStoreAnswersNothingAndGoesOnWhenItDoesAgain() {
        toStore.swallow();
        land(2);
        patiently()
                .untilAsserted(() -> assertThat(troubles("lake"))
                        .allSatisfy(trouble -> assertThat(trouble).contains("since 20")));
        toStore.heal();

        awaitAll();
        checkEndsAsUndisturbed();
    }

    /** Cuts, resets, half answers and routes that are lost, at random, while files land. */
    @Tag("soak")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void losesAndDoublesNothingWhateverBreaks(long seed) throws Exception {
        Random random = new Random(seed);
        for (int fault = 0; fault < 25; fault++) {
            FaultyProxy proxy = random.nextBoolean() ? toStore : toKafka;
            land(random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> proxy.cut();
                case 1 -> proxy.reset();
                case 2 -> proxy.swallow();
                default -> {
                    proxy.breakAfter(100 + random.nextInt(20_000));
                    proxy.reset();
                }
            }
            land(random.nextInt(3));
            Thread.sleep(random.nextInt(2_000));
            if (random.nextInt(3) > 0) {
                proxy.heal();
            }
        }
        toKafka.heal();
        toStore.heal();

        awaitAll();
        checkEndsAsUndisturbed();
    }

    /** Goes on until connections have really broken. */
    private static void breakInTheMiddle(FaultyProxy proxy, long bytes, Runnable meanwhile) {
        long before = proxy.broken();
        proxy.breakAfter(bytes);
        proxy.reset();
        meanwhile.run();
        patiently().until(() -> proxy.broken() >= before + 3);
        proxy.heal();
    }

    private void checkEndsAsUndisturbed() {
        Path lake = directory.resolve("landed");
        String all = "read_parquet('" + lake + "/**/*.parquet', hive_partitioning=false)";
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

    /** Everything that landed is in the tables and the mart, and every service is well. */
    private void awaitAll() {
        patiently().ignoreExceptions().untilAsserted(() -> {
            assertThat(query("select count(*) from log_things")).containsExactly(String.valueOf(landed * ROWS));
            assertThat(query("select newest from totals"))
                    .isEqualTo(query("select max(_airbyte_extracted_at) from int_things"));
            services.forEach((name, service) ->
                    assertThat(health(service).problems()).as(name).isEmpty());
        });
    }

    private void land(int files) {
        for (int i = 0; i < files; i++) {
            int number = ++landed;
            String date = LocalDate.of(2026, 1, 1).plusDays(number).toString();
            String key = GuideProject.key(date, "a");
            // Each file takes half of the former's rows over.
            Path file = parquet.write(
                    directory.resolve("landed").resolve(key),
                    "select %d * %d + range as id, md5('%d ' || range) as name, timestamp '%s 08:00:00' as _airbyte_extracted_at from range(%d)"
                            .formatted(number, ROWS / 2, number, date, ROWS));
            s3.put(bucket, key, file);
        }
    }

    /** What each of the services says of a part. */
    private List<String> troubles(String part) {
        return services.values().stream()
                .map(service -> String.valueOf(health(service).problems().get(part)))
                .toList();
    }

    private static HealthChecks health(ConfigurableApplicationContext service) {
        return service.getBean(HealthChecks.class);
    }

    private List<String> announced() {
        List<String> announced = new ArrayList<>();
        for (ConsumerRecord<String, String> message : kafka.read(topics.landed("shop", "things"))) {
            announced.add(message.key());
        }
        return announced;
    }

    /** One line for each row, as {@link ParquetFiles#query} has them. */
    private List<String> query(String sql) {
        Engine engine = Objects.requireNonNull(services.get("core")).getBean(Engine.class);
        return engine.warehouse()
                .with(
                        "test",
                        session -> session.query(sql).rows().stream()
                                .map(row -> String.join(
                                        " | ", row.stream().map(String::valueOf).toList()))
                                .toList());
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("spring.kafka.bootstrap-servers", "127.0.0.1:" + toKafka.port());
        properties.put("landfall.project-dir", directory.resolve("project"));
        properties.put("landfall.topics.prefix", topics.prefix());
        properties.put("landfall.lake.uri", "s3://");
        properties.put("landfall.lake.bucket", bucket);
        properties.put("landfall.lake.endpoint", "http://127.0.0.1:" + toStore.port());
        properties.put("landfall.lake.path-style", "true");
        properties.put("landfall.lake.mirror-dir", directory.resolve("mirror"));
        properties.put("landfall.warehouse.shared", "false");
        properties.put("landfall.sensor.poll", "300ms");
        properties.put("landfall.sensor.quiet-period", "0s");
        properties.put("landfall.health-period", "500ms");
        properties.put("landfall.core.retry-first", "100ms");
        properties.put("landfall.mart.retry-first", "100ms");
        return properties;
    }

    private void writeProject() throws IOException {
        write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2}}}\n");
        write("streams/shop/things.json", "{}");
        write("models/int_things.sql", """
                {{ config(tags=['shop__things'], materialized='incremental', unique_key='id',
                          incremental_strategy='delete+insert') }}
                select id, name, _airbyte_extracted_at
                from read_parquet('s3://%s/raw/shop/things/**/*')
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(bucket));
        write("models/log_things.sql", """
                {{ config(tags=['shop__things'], materialized='incremental', incremental_strategy='append') }}
                select name from read_parquet({{ var('files', "'s3://%s/raw/shop/things/**/*'") }})
                """.formatted(bucket));
        write("models/totals.sql", """
                {{ config(materialized='table') }}
                select count(*) as things, max(_airbyte_extracted_at) as newest from {{ ref('int_things') }}
                """);
    }

    private void write(String path, String text) throws IOException {
        Path file = directory.resolve("project").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofMinutes(4)).pollInterval(Duration.ofMillis(100));
    }
}
