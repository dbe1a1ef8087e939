package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testing.KafkaFixture;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One replica, many streams, a few threads. */
class ManyStreamsIT {

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path folder;

    @Test
    void watchesAHundredStreamsWithoutAThreadEach() throws Exception {
        watch(100);
    }

    @Test
    @Tag("soak")
    void watchesAThousandStreamsWithoutAThreadEach() throws Exception {
        watch(1_000);
    }

    private void watch(int streams) throws Exception {
        String prefix = "many" + streams;
        Path project = folder.resolve("project");
        Path lake = folder.resolve("lake");
        for (int i = 0; i < streams; i++) {
            Replica.stream(project, "shop", "s" + i, "{}");
            put(lake, i, "day=1");
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int before = threads.getThreadCount();
        threads.resetPeakThreadCount();

        try (Replica replica = Replica.start(Map.of(
                "spring.kafka.bootstrap-servers", kafka.bootstrapServers(),
                "landfall.topics.prefix", prefix,
                "landfall.project-dir", project.toString(),
                "landfall.sensor.poll", "5s",
                "landfall.lake.uri", lake.toUri().toString()))) {
            await("the first landing of each", () -> landings(replica, streams) == streams);
            for (int i = 0; i < streams; i++) {
                put(lake, i, "day=2");
            }
            await("the second landing of each", () -> landings(replica, streams) == 2L * streams);

            assertThat(threads.getPeakThreadCount() - before)
                    .as("threads of the replica, at most")
                    .isBetween(1, 60);
        }
        assertThat(committed(prefix, streams)).as("landings in the topics").isEqualTo(2L * streams);
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }

    private static long landings(Replica replica, int streams) {
        return IntStream.range(0, streams)
                .mapToLong(i -> replica.landings("shop", "s" + i))
                .sum();
    }

    /** What the topics hold, without the marks of their transactions. */
    private static long committed(String prefix, int streams) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrapServers(),
                        "isolation.level", "read_committed",
                        "fetch.max.wait.ms", "5"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> topics = IntStream.range(0, streams)
                    .mapToObj(i -> new TopicPartition(prefix + ".landed.shop.s" + i, 0))
                    .collect(Collectors.toList());
            consumer.assign(topics);
            consumer.seekToBeginning(topics);
            Map<TopicPartition, Long> ends = consumer.endOffsets(topics);
            long records = 0;
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                records += consumer.poll(Duration.ofMillis(200)).count();
            }
            return records;
        }
    }

    private static void put(Path lake, int stream, String day) throws IOException {
        Path file = lake.resolve("landing/raw/shop/s" + stream).resolve(day).resolve("a.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "aaa");
    }
}
