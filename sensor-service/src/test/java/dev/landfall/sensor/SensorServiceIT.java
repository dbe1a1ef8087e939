package dev.landfall.sensor;

import static dev.landfall.sensor.Replica.await;
import static dev.landfall.sensor.Replica.pause;
import static dev.landfall.sensor.Replica.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The service on a real broker and a real S3 server. */
@SuppressWarnings("try") // a replica that runs is all that some tests need of it
class SensorServiceIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static final AtomicInteger TESTS = new AtomicInteger();
    private static S3Server s3;

    @TempDir
    Path project;

    private String prefix = "";
    private String bucket = "";

    @BeforeAll
    static void startStore() {
        s3 = S3Server.start();
        s3.signIn();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    @BeforeEach
    void useOwnNames() {
        prefix = "test" + TESTS.incrementAndGet();
        bucket = "landing-" + prefix;
        s3.createBucket(bucket);
    }

    @Test
    void announcesWhatLandsOnceAlsoAcrossRestarts() {
        stream(project, "shop", "things", "{}");
        s3.put(bucket, key("day=01", "a.parquet"), "aaa");
        try (Replica replica = replica()) {
            kafka.awaitCount(topic("things"), 1);
            s3.put(bucket, key("day=02", "a.parquet"), "aaa");
            kafka.awaitCount(topic("things"), 2);
        }

        try (Replica replica = replica()) {
            s3.put(bucket, key("day=02", "b.parquet"), "bbb");
            List<ConsumerRecord<String, String>> records = kafka.awaitCount(topic("things"), 3);
            pause(2_000);

            assertThat(kafka.read(topic("things"))).hasSize(3);
            assertThat(records)
                    .extracting(ConsumerRecord::key)
                    .containsExactly(
                            "year=2026/month=01/day=01", "year=2026/month=01/day=02", "year=2026/month=01/day=02");
            assertThat(landing(records.get(2)).files())
                    .extracting(LakeFile::key)
                    .containsExactly(key("day=02", "a.parquet"), key("day=02", "b.parquet"));
        }
    }

    @Test
    void writesCloudEventsToACompactedTopic() throws Exception {
        stream(project, "shop", "things", "{}");
        s3.put(bucket, key("day=01", "a.parquet"), "aaa");
        try (Replica replica = replica()) {
            ConsumerRecord<String, String> landed =
                    kafka.awaitCount(topic("things"), 1).get(0);

            assertThat(header(landed, "ce_type")).isEqualTo("dev.landfall.partition-landed.v1");
            assertThat(header(landed, "ce_subject")).isEqualTo("year=2026/month=01/day=01");
            assertThat(header(landed, "ce_source")).isEqualTo("/sensor");
            assertThat(header(landed, "content-type")).isEqualTo("application/json");
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic("things"));
            assertThat(kafka.admin()
                            .describeConfigs(List.of(resource))
                            .all()
                            .get()
                            .values())
                    .singleElement()
                    .satisfies(config ->
                            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact"));
        }
    }

    @Test
    void picksUpANewStreamFileWhileItRunsAndLetsGoOfOneThatIsSwitchedOff() {
        stream(project, "shop", "things", "{}");
        s3.put(bucket, "raw/shop/other/a.parquet", "aaa");
        try (Replica replica = replica()) {
            s3.put(bucket, key("day=01", "a.parquet"), "aaa");
            kafka.awaitCount(topic("things"), 1);

            stream(project, "shop", "other", "{}");
            kafka.awaitCount(topic("other"), 1);
            stream(project, "shop", "things", "{\"selected\": false}");
            await("one stream", () -> replica.watched() == 1);

            s3.put(bucket, key("day=02", "a.parquet"), "aaa");
            s3.put(bucket, "raw/shop/other/b.parquet", "bbb");
            kafka.awaitCount(topic("other"), 2);
            pause(1_000);
            assertThat(kafka.read(topic("things"))).hasSize(1);
        }
    }

    @Test
    void goesOnWithTheOthersWhenAStreamFileIsNotJson() {
        stream(project, "shop", "things", "{}");
        stream(project, "shop", "broken", "{ not json");
        try (Replica replica = replica()) {
            s3.put(bucket, key("day=01", "a.parquet"), "aaa");
            kafka.awaitCount(topic("things"), 1);

            await("well, and told", () -> {
                String health = replica.get("/actuator/health").body();
                return health.contains("\"UP\"") && health.contains("broken.json");
            });

            // A stream that was right goes on as it was.
            stream(project, "shop", "things", "{ not json");
            await("told", () -> replica.get("/actuator/health").body().contains("things.json"));
            s3.put(bucket, key("day=02", "a.parquet"), "aaa");
            kafka.awaitCount(topic("things"), 2);
        }
    }

    @Test
    void saysThatABucketIsMissingServesTheOthersAndRecovers() {
        String late = "late-" + prefix;
        stream(project, "shop", "things", "{}");
        stream(project, "shop", "elsewhere", "{\"landfall\": {\"bucket\": \"" + late + "\"}}");
        try (Replica replica = replica()) {
            s3.put(bucket, key("day=01", "a.parquet"), "aaa");
            kafka.awaitCount(topic("things"), 1);
            await(
                    "told",
                    () -> replica.get("/actuator/health").body().contains("bucket '" + late + "' does not exist"));
            await("well", () -> replica.get("/actuator/health").statusCode() == 200);

            s3.createBucket(late);
            s3.put(late, "raw/shop/elsewhere/a.parquet", "aaa");
            kafka.awaitCount(topic("elsewhere"), 1);
            await("well", () -> !replica.get("/actuator/health").body().contains("does not exist"));
        }
    }

    @Test
    void isDownWithTheReasonWhenTheLakeCannotBeRead() {
        stream(project, "shop", "things", "{}");
        Map<String, String> settings = settings();
        settings.put("landfall.lake.bucket", "no-such-bucket");
        try (Replica replica = Replica.start(settings)) {
            await(
                    "down",
                    () -> replica.get("/actuator/health").statusCode() == 503
                            && replica.get("/actuator/health").body().contains("'no-such-bucket' does not exist"));
        }
    }

    @Test
    void isDownWithTheReasonWhenThereIsNoProject() {
        Map<String, String> settings = settings();
        settings.put("landfall.project-dir", project.resolve("none").toString());
        try (Replica replica = Replica.start(settings)) {
            await(
                    "down",
                    () -> replica.get("/actuator/health").statusCode() == 503
                            && replica.get("/actuator/health").body().contains("landfall.project-dir"));
        }
    }

    @Test
    void leavesOutRecordsThatAreNotJson() {
        stream(project, "shop", "things", "{}");
        kafka.createTopic(topic("things"));
        kafka.send(topic("things"), "year=2026/month=01/day=01", "not json");
        s3.put(bucket, key("day=01", "a.parquet"), "aaa");
        try (Replica replica = replica()) {
            List<ConsumerRecord<String, String>> records = kafka.awaitCount(topic("things"), 2);

            assertThat(landing(records.get(1)).files()).hasSize(1);
        }
    }

    @Test
    void refusesATopicThatForgets() {
        stream(project, "shop", "things", "{}");
        createForgetfulTopic(topic("things"));
        s3.put(bucket, key("day=01", "a.parquet"), "aaa");
        try (Replica replica = replica()) {
            pause(2_000);

            assertThat(kafka.read(topic("things"))).isEmpty();
        }
    }

    @Test
    void waitsForWhatAnotherReplicaHasWrittenAndNotYetCommitted() throws Exception {
        stream(project, "shop", "things", "{}");
        s3.put(bucket, key("day=01", "a.parquet"), "aaa");
        try (Replica replica = replica()) {
            kafka.awaitCount(topic("things"), 1);
        }
        s3.put(bucket, key("day=02", "a.parquet"), "aaa");
        // What the other one wrote is what this one would write: its own record, taken from a topic of its own.
        String record = recordOfDay2();

        try (KafkaProducer<String, String> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", prefix + "-other"),
                new StringSerializer(),
                new StringSerializer())) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(topic("things"), 0, "year=2026/month=01/day=02", record))
                    .get();
            try (Replica replica = replica()) {
                pause(3_000);
                assertThat(kafka.read(topic("things"))).hasSize(1);
                other.commitTransaction();
                await("watching", () -> replica.watched() == 1);
                s3.put(bucket, key("day=03", "a.parquet"), "aaa");

                List<ConsumerRecord<String, String>> records = kafka.awaitCount(topic("things"), 3);

                assertThat(records)
                        .extracting(ConsumerRecord::key)
                        .containsExactly(
                                "year=2026/month=01/day=01", "year=2026/month=01/day=02", "year=2026/month=01/day=03");
            }
        }
    }

    @Test
    void announcesOnceAfterKafkaWasAway() {
        try (KafkaFixture own = KafkaFixture.embedded().start()) {
            stream(project, "shop", "things", "{}");
            s3.put(bucket, key("day=01", "a.parquet"), "aaa");
            Map<String, String> settings = settings();
            settings.put("spring.kafka.bootstrap-servers", own.bootstrapServers());
            try (Replica replica = Replica.start(settings)) {
                own.awaitCount(topic("things"), 1);
                own.stop();
                s3.put(bucket, key("day=02", "a.parquet"), "aaa");
                await("down", () -> replica.get("/actuator/health").body().contains("no broker answers at"));
                own.start();

                own.awaitCount(topic("things"), 2);
                await("up", () -> replica.get("/actuator/health").statusCode() == 200);
                pause(1_000);
                assertThat(own.read(topic("things"))).hasSize(2);
            }
        }
    }

    @Test
    void looksAtOnceWhenItIsToldThatSomethingLanded() {
        stream(project, "shop", "things", "{}");
        stream(project, "shop", "other", "{}");
        Map<String, String> settings = settings();
        settings.put("landfall.sensor.poll", "1h");
        settings.put("landfall.sensor.webhook-secret", "open sesame");
        try (Replica replica = Replica.start(settings)) {
            await("two streams", () -> replica.watched() == 2);
            pause(2_000);
            s3.put(bucket, key("day=01", "a.parquet"), "aaa");
            String event = "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"" + bucket
                    + "\"},\"object\":{\"key\":\"raw/shop/things/year%3D2026/month%3D01/day%3D01/a.parquet\"}}}]}";

            assertThat(replica.post("/landing-events", event).statusCode()).isEqualTo(401);
            assertThat(replica.post("/landing-events?token=open%20sesame", event)
                            .body())
                    .isEqualTo("{\"streams\":1}");

            kafka.awaitCount(topic("things"), 1);
            assertThat(replica.post("/landing-events?token=open%20sesame", "{}").body())
                    .isEqualTo("{\"streams\":2}");
            assertThat(replica.post("/landing-events?token=open%20sesame&stream=shop.other", "nonsense")
                            .body())
                    .isEqualTo("{\"streams\":1}");
            await("counted", () -> {
                String metrics = replica.get("/actuator/prometheus").body();
                return metrics.contains("landfall_landings_total{") && metrics.contains("landfall_streams 2.0");
            });
        }
    }

    @Test
    void sharesTheStreamsWithAnotherReplicaAndTakesThemOver() {
        for (int i = 0; i < 4; i++) {
            stream(project, "shop", "s" + i, "{}");
        }
        try (Replica one = replica()) {
            await("all", () -> one.watched() == 4);
            try (Replica two = replica()) {
                await("shared", () -> one.watched() == 2 && two.watched() == 2);
                land("1");
            }
            await("taken over", () -> one.watched() == 4);
            land("2");
        }
        pause(500);
        for (int i = 0; i < 4; i++) {
            assertThat(kafka.read(topic("s" + i))).hasSize(2);
        }
    }

    private void land(String name) {
        for (int i = 0; i < 4; i++) {
            s3.put(bucket, "raw/shop/s" + i + "/day=" + name + "/a.parquet", "aaa");
        }
        for (int i = 0; i < 4; i++) {
            kafka.awaitCount(topic("s" + i), Integer.parseInt(name));
        }
    }

    private String recordOfDay2() {
        Map<String, String> settings = settings();
        settings.put("landfall.topics.prefix", prefix + "copy");
        try (Replica replica = Replica.start(settings)) {
            String topic = prefix + "copy.landed.shop.things";
            return kafka.awaitCount(topic, 2).stream()
                    .filter(record -> record.key().endsWith("day=02"))
                    .map(ConsumerRecord::value)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void createForgetfulTopic(String name) {
        try {
            kafka.admin()
                    .createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(name, 1, (short) 1)
                            .configs(Map.of("cleanup.policy", "delete"))))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Replica replica() {
        return Replica.start(settings());
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("landfall.topics.prefix", prefix);
        settings.put("landfall.project-dir", project.toString());
        settings.put("landfall.lake.endpoint", s3.endpoint().toString());
        settings.put("landfall.lake.bucket", bucket);
        return settings;
    }

    private String topic(String stream) {
        return prefix + ".landed.shop." + stream;
    }

    private static String key(String day, String name) {
        return "raw/shop/things/year=2026/month=01/" + day + "/" + name;
    }

    private static PartitionLanded landing(ConsumerRecord<String, String> record) {
        try {
            return EventJson.read(PartitionLanded.class, record.value());
        } catch (EventException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
