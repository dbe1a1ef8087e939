package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.event.PartitionLanded;
import dev.landfall.telemetry.Traces;
import dev.landfall.testing.KafkaFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Replicas that have lost a stream, knowing it or not. */
class FencingIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path folder;

    @Test
    void refusesAReplicaThatHasLostItsStreamsWithoutKnowingIt() throws Exception {
        kafka.createTopic("fenced");
        try (LandingPublisher publisher = new LandingPublisher(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()), "fencing", null, Traces.off());
                KafkaConsumer<String, String> one = member()) {
            ConsumerGroupMetadata before = join(one);
            publisher.publish("fenced", List.of(landing("1")), before);

            try (KafkaConsumer<String, String> two = member()) {
                joinBoth(one, two, before.generationId());

                assertThatThrownBy(() -> publisher.publish("fenced", List.of(landing("2")), before))
                        .isInstanceOfSatisfying(
                                NotAnnouncedException.class,
                                e -> assertThat(e.unknown()).isFalse());
                // It is of use again as soon as it knows better.
                publisher.publish("fenced", List.of(landing("3")), one.groupMetadata());
            }
        }

        assertThat(kafka.read("fenced")).extracting(ConsumerRecord::key).containsExactly("day=1", "day=3");
    }

    @Test
    void writesAllLandingsOfACallOrNone() throws Exception {
        kafka.createTopic("whole");
        try (LandingPublisher publisher = new LandingPublisher(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()), "whole", null, Traces.off());
                KafkaConsumer<String, String> one = member()) {
            ConsumerGroupMetadata member = join(one);
            PartitionLanded tooBig = landing("x".repeat(LandingPublisher.RECORD_BYTES_AT_MOST));

            assertThatThrownBy(() -> publisher.publish("whole", List.of(landing("1"), tooBig), member))
                    .isInstanceOf(NotAnnouncedException.class);
            publisher.publish("whole", List.of(landing("2")), member);
        }

        assertThat(kafka.read("whole")).extracting(ConsumerRecord::key).containsExactly("day=2");
    }

    @Test
    void movesTheStreamsOfAKilledReplicaWithinSeconds() throws Exception {
        Path project = folder.resolve("project");
        Path lake = folder.resolve("lake");
        assertThat(lake.resolve("landing").toFile().mkdirs()).isTrue();
        Replica.stream(project, "shop", "things", "{}");
        Map<String, String> settings = new HashMap<>(Map.of(
                "spring.kafka.bootstrap-servers", kafka.bootstrapServers(),
                "landfall.topics.prefix", "killed",
                "landfall.project-dir", project.toString(),
                "landfall.lake.uri", lake.toUri().toString()));
        Process first = OtherJvm.start(settings, folder.resolve("first.log"));
        try {
            put(lake, "day=1");
            kafka.awaitCount("killed.landed.shop.things", 1);
            try (Replica second = Replica.start(settings)) {
                assertThat(second.watched()).isZero();

                first.destroyForcibly().waitFor();
                put(lake, "day=2");
                Instant killed = Instant.now();
                List<ConsumerRecord<String, String>> records = kafka.awaitCount("killed.landed.shop.things", 2);
                assertThat(Duration.between(killed, Instant.now()))
                        .as("Kafka's own session timeout is 45 s")
                        .isLessThan(Duration.ofSeconds(40));
                assertThat(records).extracting(ConsumerRecord::key).containsExactly("day=1", "day=2");
            }
        } finally {
            first.destroyForcibly();
        }
    }

    private static void put(Path lake, String day) throws Exception {
        Path file = lake.resolve("landing/raw/shop/things").resolve(day).resolve("a.parquet");
        java.nio.file.Files.createDirectories(file.getParent());
        java.nio.file.Files.writeString(file, "aaa");
    }

    private static KafkaConsumer<String, String> member() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "group.id", "fencing",
                        "auto.offset.reset", "earliest",
                        "heartbeat.interval.ms", "200",
                        "partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static ConsumerGroupMetadata join(KafkaConsumer<String, String> consumer) {
        consumer.subscribe(List.of("fenced", "whole"));
        Replica.await("assigned", () -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        return consumer.groupMetadata();
    }

    private static void joinBoth(KafkaConsumer<String, String> one, KafkaConsumer<String, String> two, int before) {
        two.subscribe(List.of("fenced", "whole"));
        Replica.await("a new generation", () -> {
            two.poll(Duration.ofMillis(100));
            one.poll(Duration.ofMillis(100));
            return one.groupMetadata().generationId() > before
                    && two.groupMetadata().generationId() == one.groupMetadata().generationId();
        });
    }

    private static PartitionLanded landing(String day) {
        return new PartitionLanded(
                "shop",
                "things",
                "landing",
                "raw/shop/things/",
                Map.of("day", day),
                1,
                List.of(),
                List.of(),
                Instant.EPOCH,
                "m",
                "p");
    }
}
