package dev.landfall.mart;

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
import dev.landfall.project.StreamName;
import dev.landfall.run.LanePosition;
import dev.landfall.run.RunResult;
import dev.landfall.run.RunSettings;
import dev.landfall.run.StreamRunner;
import dev.landfall.service.Engine;
import dev.landfall.template.LiveProject;
import dev.landfall.template.ProjectOptions;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.ServiceRun;
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

/** One test's project, lake, warehouse and topics, and mart-runner over them; the test itself runs core models. */
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
        set("landfall.mart.retry-first", "100ms");
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

    /** A stream, and a model of it that keeps the newest row of each id. */
    void stream(String name) {
        write("streams/shop/" + name + ".json", "{}");
        write("models/int_" + name + ".sql", """
                {{ config(tags=['shop__%s'], materialized='incremental', unique_key='id',
                          incremental_strategy='delete+insert') }}
                select id, amount, _airbyte_extracted_at
                from read_parquet('s3://landing/raw/shop/%s/**/*', hive_partitioning=true)
                qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
                """.formatted(name, name));
    }

    void mart(String name, String sql) {
        write("models/" + name + ".sql", "{{ config(materialized='table') }}\n" + sql);
    }

    ConfigurableApplicationContext start() {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(MartRunnerApplication.class)
                .web(WebApplicationType.NONE)
                .run(arguments().toArray(String[]::new));
        running.add(context);
        return context;
    }

    /** The same in a process of its own. */
    ServiceRun startProcess(String... jvmOptions) throws IOException {
        List<String> arguments = new ArrayList<>(arguments());
        arguments.add("--spring.main.web-application-type=none");
        return new ServiceRun(
                MartRunnerApplication.class,
                List.of(jvmOptions),
                arguments,
                directory.resolve("runner" + ++processes + ".log"));
    }

    private List<String> arguments() {
        return properties.entrySet().stream()
                .map(each -> "--" + each.getKey() + "=" + each.getValue())
                .toList();
    }

    /** What core-runner works with, beside processes that share the warehouse. */
    Engine engine() {
        LiveProject project =
                new LiveProject(new ProjectOptions(directory.resolve("project"), null, null, Map.of(), Map.of()));
        project.refresh();
        return new Engine(
                project,
                LakeSettings.of(lake().toUri().toString()),
                WarehouseSettings.shared("test"),
                RunSettings.DEFAULT.withBucket("landing"));
    }

    void stop(ConfigurableApplicationContext context) {
        running.remove(context);
        context.close();
    }

    /** Lands one row and runs the stream's models over it; nobody is told. */
    List<ModelMaterialized> run(ConfigurableApplicationContext context, String stream, int day, int id, int amount) {
        return run(context.getBean(Engine.class), stream, day, id, amount);
    }

    List<ModelMaterialized> run(Engine engine, String stream, int day, int id, int amount) {
        parquet.land(
                lake(),
                "landing",
                folder(stream, day) + "a.parquet",
                "select %d as id, %d as amount, timestamp '2026-01-%02d 08:00:00' as _airbyte_extracted_at"
                        .formatted(id, amount, day));
        StreamName name = new StreamName("shop", stream);
        StreamRunner streams = engine.streams();
        LanePosition position = new LanePosition(streams.takeLane(name), day, day);
        List<ModelMaterialized> events = new ArrayList<>();
        for (RunResult result : streams.apply(name, List.of(landing(stream, day)), position, false)) {
            if (result instanceof RunResult.Succeeded succeeded) {
                events.add(succeeded.event());
            } else {
                throw new AssertionError("did not run: " + result);
            }
        }
        return events;
    }

    /** Tells what was run, as core-runner would. */
    void tell(List<ModelMaterialized> events) {
        for (ModelMaterialized event : events) {
            kafka.send(topics.materialized(), event.model(), EventJson.write(event));
        }
    }

    private PartitionLanded landing(String stream, int day) {
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
        return query(context.getBean(Engine.class), sql);
    }

    List<String> query(Engine engine, String sql) {
        return engine.warehouse()
                .with(
                        "test",
                        session -> session.query(sql).rows().stream()
                                .map(row -> String.join(
                                        " ", row.stream().map(String::valueOf).toList()))
                                .toList());
    }

    /** How often each mart was built, by its name. */
    Map<String, Long> builds() {
        Map<String, Long> builds = new LinkedHashMap<>();
        for (ModelMaterialized event : martEvents()) {
            builds.merge(event.model().substring("model.shop.".length()), 1L, Long::sum);
        }
        return builds;
    }

    List<ModelMaterialized> martEvents() {
        return events(topics.materialized(), ModelMaterialized.class).stream()
                .filter(event -> event.layer().equals("mart"))
                .toList();
    }

    List<ModelFailed> failed() {
        return events(topics.failed(), ModelFailed.class);
    }

    private <T extends Record> List<T> events(String topic, Class<T> type) {
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
