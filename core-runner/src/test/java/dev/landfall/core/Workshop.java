package dev.landfall.core;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.lake.Partition;
import dev.landfall.project.Project;
import dev.landfall.service.Engine;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.template.QueryResult;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.ServiceRun;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** One test's project, lake, warehouse and topics, and core-runner over them. */
final class Workshop implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final KafkaFixture kafka;
    private final Path directory;
    private final Topics topics = new Topics("t" + UUID.randomUUID().toString().substring(0, 8));
    private final Map<String, Object> properties = new LinkedHashMap<>();
    private final ParquetFiles parquet = new ParquetFiles();
    private final List<ConfigurableApplicationContext> running = new ArrayList<>();
    private int processes;

    Workshop(KafkaFixture kafka, Path directory) {
        this.kafka = kafka;
        this.directory = directory;
        write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");
        write("profiles.yml", """
                shop:
                  target: dev
                  outputs:
                    dev: {type: duckdb, path: shop.duckdb, threads: 2}
                """);
        set("landfall.project-dir", directory.resolve("project"));
        set("landfall.project-poll", "100ms");
        set("landfall.health-period", "500ms");
        set("landfall.lake.uri", lake().toUri());
        set("landfall.topics.prefix", topics.prefix());
        set("landfall.warehouse.shared", "false");
        set("landfall.core.retry-first", "100ms");
        set("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        set("spring.kafka.consumer.properties.metadata.max.age.ms", "500");
        set("spring.kafka.consumer.properties.heartbeat.interval.ms", "200");
        try {
            Files.createDirectories(lake().resolve("landing"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void set(String property, Object value) {
        properties.put(property, value.toString());
    }

    Topics topics() {
        return topics;
    }

    KafkaFixture kafka() {
        return kafka;
    }

    /** Writes a file of the project. */
    void write(String path, String text) {
        Path file = directory.resolve("project").resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path project() {
        return directory.resolve("project");
    }

    void delete(String path) {
        try {
            Files.deleteIfExists(directory.resolve("project").resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A stream, and a model of it that keeps the newest row of each id. */
    void stream(String name) {
        write("streams/shop/" + name + ".json", "{}");
        model(name, "int_" + name, "id, name, _airbyte_extracted_at");
    }

    void model(String stream, String model, String columns) {
        write("models/" + model + ".sql", """
                {{ config(tags=['shop__%s'], materialized='incremental', unique_key='id',
                          incremental_strategy='delete+insert') }}
                select %s
                from read_parquet('s3://landing/raw/shop/%s/**/*', hive_partitioning=true)
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(stream, columns, stream));
    }

    /** The settings as arguments of a process. */
    List<String> arguments() {
        return properties.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toList();
    }

    ConfigurableApplicationContext start() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(CoreRunnerApplication.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .run(arguments().toArray(String[]::new));
        running.add(context);
        return context;
    }

    /** The same in a process of its own. */
    ServiceRun startProcess(String jvmOption) throws IOException {
        List<String> arguments = new ArrayList<>(properties.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toList());
        arguments.add("--spring.main.web-application-type=none");
        return new ServiceRun(
                CoreRunnerApplication.class,
                jvmOption.isEmpty() ? List.of() : List.of(jvmOption),
                arguments,
                directory.resolve("runner" + ++processes + ".log"));
    }

    /** As {@link #query}, while no runner of this process has the warehouse open. */
    List<String> read(String sql) throws Exception {
        Project project =
                ProjectLoader.load(new ProjectOptions(directory.resolve("project"), null, null, Map.of(), Map.of()));
        try (Warehouse warehouse =
                Warehouse.open(project.target(), project.directory(), WarehouseSettings.shared("test"))) {
            return warehouse.with("test", session -> lines(session.query(sql)));
        }
    }

    private static List<String> lines(QueryResult result) {
        return result.rows().stream()
                .map(row -> String.join(" ", row.stream().map(String::valueOf).toList()))
                .toList();
    }

    void stop(ConfigurableApplicationContext context) {
        running.remove(context);
        context.close();
    }

    /** Writes a file of one row and tells of its partition, as the sensor would. */
    long land(String stream, int day, String file, int id, String name) {
        String query = "select %d as id, '%s' as name, timestamp '2026-01-%02d 08:00:00' as _airbyte_extracted_at"
                .formatted(id, name, day);
        return land(stream, day, file, query);
    }

    long land(String stream, int day, String file, String query) {
        parquet.land(lake(), "landing", folder(stream, day) + file, query);
        return tell(stream, day);
    }

    /** Writes bytes that are no Parquet. */
    long landGarbage(String stream, int day, String file) {
        Path path = lake().resolve("landing").resolve(folder(stream, day) + file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, "this is not Parquet, whatever its name says");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tell(stream, day);
    }

    /** Tells what lies in a partition now; gives the offset. */
    long tell(String stream, int day) {
        PartitionLanded landed = landing(stream, day);
        String topic = topics.landed("shop", stream);
        kafka.createTopic(topic);
        return kafka.send(
                topic,
                landed.key(),
                EventJson.write(landed),
                EventJson.headers(PartitionLanded.class, "/test", landed.key(), landed.detectedAt()));
    }

    /** What lies in a partition now, as the sensor would tell it. */
    PartitionLanded landing(String stream, int day) {
        List<LakeFile> files =
                Lakes.open(LakeSettings.of(lake().toUri().toString())).listAll("landing", folder(stream, day));
        return new PartitionLanded(
                "shop",
                stream,
                "landing",
                "raw/shop/" + stream + "/",
                Partition.of("year=2026/month=01/day=%02d".formatted(day)).values(),
                1,
                files,
                List.of(),
                Instant.now(),
                "m" + files.hashCode(),
                "test");
    }

    private static String folder(String stream, int day) {
        return "raw/shop/%s/year=2026/month=01/day=%02d/".formatted(stream, day);
    }

    private Path lake() {
        return directory.resolve("lake");
    }

    /** One line for each row, values separated by a blank. */
    List<String> query(ConfigurableApplicationContext context, String sql) {
        return context.getBean(Engine.class).warehouse().with("test", session -> lines(session.query(sql)));
    }

    List<ModelMaterialized> materialized() {
        return events(topics.materialized(), ModelMaterialized.class);
    }

    List<ModelFailed> failed() {
        return events(topics.failed(), ModelFailed.class);
    }

    <T extends Record> List<T> events(String topic, Class<T> type) {
        List<T> events = new ArrayList<>();
        for (ConsumerRecord<String, String> message : kafka.read(topic)) {
            try {
                events.add(EventJson.read(type, message.value()));
            } catch (EventException e) {
                throw new AssertionError(e);
            }
        }
        return events;
    }

    /** Looks until something is as expected; fails with the last look's failure. */
    static void await(ThrowingRunnable expectation) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .untilAsserted(expectation);
    }

    @Override
    public void close() {
        running.forEach(ConfigurableApplicationContext::close);
        parquet.close();
    }
}
