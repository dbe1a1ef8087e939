package dev.landfall.bench;

import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.Topics;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.lake.Partition;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.service.Engine;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Warehouse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A project, a lake, a broker and the runners over them in this JVM, as in {@code landfall up}; and what they tell. */
final class Plant implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path directory;
    private final Topics topics = new Topics("bench");
    private final ParquetFiles parquet = new ParquetFiles();
    private final KafkaFixture kafka = KafkaFixture.embedded();
    private final List<ConfigurableApplicationContext> services = new ArrayList<>();
    private final Map<String, Long> landed = new ConcurrentHashMap<>();
    private final Map<String, ModelMaterialized> models = new ConcurrentHashMap<>();
    private final Map<String, RequestStatus> requests = new ConcurrentHashMap<>();
    private @Nullable Running running;
    private volatile boolean closed;

    private record Running(KafkaProducer<String, String> producer, Thread reader, Engine engine) {}

    /** @param settings of DuckDB, as in profiles.yml: {@code threads: 2} */
    Plant(Path directory, String... settings) throws IOException {
        this.directory = directory;
        kafka.start();
        write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");
        // A checkpoint is to be made when the bench says so, and never on the way.
        write(
                "profiles.yml",
                "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2, config_options:"
                        + " {checkpoint_threshold: 100GB" + (settings.length == 0 ? "" : ", ")
                        + String.join(", ", settings) + "}}}}\n");
        Files.createDirectories(lake().resolve("landing"));
    }

    void write(String path, String text) throws IOException {
        Path file = directory.resolve("project").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** A stream, and a model of it that keeps the newest row of each id. */
    void stream(String name) throws IOException {
        write("streams/shop/" + name + ".json", "{}");
        write(
                "models/int_" + name + ".sql",
                "{{ config(tags=['shop__" + name + "'], materialized='incremental', unique_key='id',"
                        + " incremental_strategy='delete+insert') }}\n"
                        + newest("'s3://landing/raw/shop/" + name + "/**/*', hive_partitioning=true"));
    }

    /** The newest row of each id in some files. */
    static String newest(String files) {
        return "select id, amount, name, _airbyte_extracted_at from read_parquet(" + files + ")"
                + " qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1";
    }

    /** Rows of the ids that an expression over {@code i} gives; those of a later number are newer. */
    static String rows(String id, long count, int number) {
        return "select (" + id + ")::bigint as id, (i % 1000) / 7.0 as amount, 'name of ' || (i % 977) as name,"
                + " timestamptz '2026-01-01 00:00:00+00' + to_seconds(" + number + " * 3600)"
                + " as _airbyte_extracted_at from range(" + count + ") t(i)";
    }

    ParquetFiles parquet() {
        return parquet;
    }

    Path lake() {
        return directory.resolve("lake");
    }

    /** Starts core-runner, and mart-runner where it is wanted; returns when they listen. */
    void start(boolean marts) {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
        List.of(topics.materialized(), topics.status(), topics.runRequests()).forEach(kafka::createTopic);
        List<TopicPartition> partitions =
                List.of(new TopicPartition(topics.materialized(), 0), new TopicPartition(topics.status(), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Thread reader = new Thread(() -> read(consumer), "bench-reader");
        reader.start();
        services.add(service(CoreRunnerApplication.class));
        if (marts) {
            services.add(service(MartRunnerApplication.class));
        }
        running = new Running(producer, reader, services.get(0).getBean(Engine.class));
    }

    private Running running() {
        return Objects.requireNonNull(running, "not started");
    }

    private ConfigurableApplicationContext service(Class<?> application) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("landfall.project-dir", directory.resolve("project"));
        properties.put("landfall.lake.uri", lake().toUri());
        properties.put("landfall.topics.prefix", topics.prefix());
        properties.put("landfall.warehouse.shared", "false");
        properties.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        properties.put("spring.kafka.consumer.properties.metadata.max.age.ms", "500");
        properties.put("logging.level.dev.landfall", "warn");
        properties.put("spring.config.location", configuration(application));
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .run(properties.entrySet().stream()
                        .map(each -> "--" + each.getKey() + "=" + each.getValue())
                        .toArray(String[]::new));
    }

    /** Every service has a configuration of the same name. */
    private static URI configuration(Class<?> application) {
        String own = application.getName().replace('.', '/') + ".class";
        String location = String.valueOf(application.getClassLoader().getResource(own));
        return URI.create(location.substring(0, location.length() - own.length()));
    }

    Warehouse warehouse() {
        return running().engine().warehouse();
    }

    void execute(String sql) {
        warehouse().with("bench", session -> {
            session.execute(sql);
            return true;
        });
    }

    long number(String sql) {
        return warehouse().with("bench", session -> session.number(sql));
    }

    void checkpoint() {
        execute("checkpoint");
    }

    /** The folder of the nth day of a stream. */
    static String folder(String stream, int day) {
        Instant date = Instant.parse("2024-01-01T00:00:00Z").plus(Duration.ofDays(day));
        String text = date.toString();
        return "raw/shop/" + stream + "/year=" + text.substring(0, 4) + "/month=" + text.substring(5, 7) + "/day="
                + text.substring(8, 10) + "/";
    }

    /** Writes a day's file; gives where. */
    Path file(String stream, int day, String query) {
        return parquet.land(lake(), "landing", folder(stream, day) + "data.parquet", query);
    }

    /** What the sensor would tell of a day's file. */
    PartitionLanded landing(String stream, int day) {
        String folder = folder(stream, day);
        List<LakeFile> files =
                Lakes.open(LakeSettings.of(lake().toUri().toString())).listAll("landing", folder);
        return new PartitionLanded(
                "shop",
                stream,
                "landing",
                "raw/shop/" + stream + "/",
                Partition.of(folder.substring(folder.indexOf("year="))).values(),
                1,
                files,
                List.of(),
                Instant.now(),
                PartitionLanded.manifest(files),
                "bench");
    }

    /** Sends a landing's record. */
    void send(PartitionLanded landing) {
        send(topics.landed(landing.source(), landing.stream()), landing.key(), landing);
    }

    private void send(String topic, String key, Record event) {
        ProducerRecord<String, String> message = new ProducerRecord<>(topic, key, EventJson.write(event));
        EventJson.headers(event.getClass(), "/bench", key, Instant.now())
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        Future<?> unused = running().producer().send(message);
    }

    void createTopic(String stream) {
        kafka.createTopic(topics.landed("shop", stream));
    }

    /** When the event came that tells of a landing; null when none did yet. */
    @Nullable
    Long cameAt(PartitionLanded landing) {
        return landed.get(landing.manifest());
    }

    /** Waits for that event; gives when it came, as {@link System#nanoTime}. */
    long await(PartitionLanded landing) {
        await("event of " + landing.key(), () -> cameAt(landing) != null);
        return Objects.requireNonNull(cameAt(landing));
    }

    /** The last event of each model, by its unique id. */
    Map<String, ModelMaterialized> models() {
        return models;
    }

    /** Asks for something and waits until it is done. */
    void ask(RunRequested request) {
        send(topics.runRequests(), request.id(), request);
        await("request " + request.cause(), () -> {
            RequestStatus status = requests.get(request.id());
            if (status != null && status.state().equals("failed")) {
                throw new IllegalStateException(status.message());
            }
            return status != null && status.state().equals("done");
        });
    }

    /** Looks whenever an event came, and a few times a second. */
    synchronized void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("no " + what + " within " + PATIENCE);
            }
            try {
                wait(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private void read(KafkaConsumer<String, String> consumer) {
        try (KafkaConsumer<String, String> open = consumer) {
            while (!closed) {
                for (ConsumerRecord<String, String> message : open.poll(Duration.ofMillis(200))) {
                    read(message, System.nanoTime());
                }
                synchronized (this) {
                    notifyAll();
                }
            }
        }
    }

    private void read(ConsumerRecord<String, String> message, long now) {
        try {
            if (message.topic().equals(topics.materialized())) {
                ModelMaterialized event = EventJson.read(ModelMaterialized.class, message.value());
                event.landings().forEach(manifest -> landed.putIfAbsent(manifest, now));
                models.put(event.model(), event);
            } else if (message.key().startsWith("request/")) {
                RequestStatus status = EventJson.read(RequestStatus.class, message.value());
                requests.put(status.id(), status);
            }
        } catch (EventException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (int i = services.size() - 1; i >= 0; i--) {
            services.get(i).close();
        }
        if (running != null) {
            join(running.reader());
            running.producer().close(Duration.ZERO);
        }
        kafka.close();
        parquet.close();
    }

    private static void join(Thread thread) {
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
