package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.run.CrashPoint;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ServiceRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** core-runner in processes of its own, killed in the middle of its work, alone and beside a replica. */
class CoreRunnerProcessIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static final int KILLED = 137;
    private static final int DAYS = 6;

    @TempDir
    private Path directory;

    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(kafka, directory);
        shop.set("landfall.warehouse.shared", "true");
        shop.set("landfall.warehouse.max-hold", "100ms");
        shop.set("landfall.core.max-batch-bytes", "1B");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    /** One model of a row per key, and one that only adds: it would show what is applied twice. */
    private void stream(String name) {
        shop.stream(name);
        shop.write("models/log_" + name + ".sql", """
                {{ config(tags=['shop__%s'], materialized='incremental', incremental_strategy='append') }}
                select id, name from read_parquet({{ var('files', "'s3://landing/raw/shop/%s/**/*'") }})
                """.formatted(name, name));
    }

    /** The other places are CrashIT's, and the long runs'. */
    @Test
    void losesNothingAndDoublesNothingWhenItIsKilledBetweenItsEventsAndItsOffset() throws Exception {
        killAndGoOn("AFTER_PUBLISH:1", 1);
    }

    static Stream<Arguments> placesAndSeeds() {
        return IntStream.rangeClosed(1, 5)
                .boxed()
                .flatMap(seed -> Stream.of(CrashPoint.values())
                        // A shadow is built on request only; CrashIT kills that.
                        .filter(point -> point.compareTo(CrashPoint.AFTER_PUBLISH) <= 0)
                        .filter(point -> !point.name().contains("SHADOW")
                                && !point.name().contains("SWAP"))
                        .map(point -> Arguments.of(
                                point == CrashPoint.AFTER_PUBLISH
                                        ? point + ":1"
                                        : point + ":"
                                                + (1
                                                        + new Random(seed * 31L
                                                                        + point.name()
                                                                                .hashCode())
                                                                .nextInt(5)),
                                seed)));
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("placesAndSeeds")
    void losesNothingAndDoublesNothingWhereverItIsKilled(String place, int seed) throws Exception {
        killAndGoOn(place, seed);
    }

    private void killAndGoOn(String place, int seed) throws Exception {
        stream("things");
        Random random = new Random(seed);
        long last = -1;
        for (int day = 1; day <= DAYS; day++) {
            last = shop.land("things", day, "a.parquet", random.nextInt(4), "day " + day);
        }
        long end = last + 1;

        try (ServiceRun killed = shop.startProcess("-Dlandfall.crash-at=" + place)) {
            assertThat(killed.exitCode()).as(killed::lastWords).isEqualTo(KILLED);
        }
        try (ServiceRun next = shop.startProcess("")) {
            Workshop.await(() -> assertThat(kafka.committed(group(), topic("things")))
                    .as(next::lastWords)
                    .isEqualTo(end));
        }

        assertThat(shop.read("select id, name from int_things order by id")).isEqualTo(undisturbed(seed));
        assertThat(shop.read("select count(*), count(distinct name) from log_things"))
                .containsExactly(DAYS + " " + DAYS);
        assertThat(shop.read("select count(*) from _landfall.runs where full_refresh or status <> 'success'"))
                .containsExactly("0");
        assertThat(shop.materialized())
                .extracting(event -> event.model())
                .contains("model.shop.int_things", "model.shop.log_things");
    }

    /** The newest row of each id, without any runner. */
    private static List<String> undisturbed(int seed) {
        Random random = new Random(seed);
        Map<Integer, String> rows = new TreeMap<>();
        for (int day = 1; day <= DAYS; day++) {
            rows.put(random.nextInt(4), "day " + day);
        }
        return rows.entrySet().stream()
                .map(row -> row.getKey() + " " + row.getValue())
                .toList();
    }

    @Test
    void movesTheLanesOfAKilledReplicaWithNothingLostOrDoubled() throws Exception {
        List<String> streams = List.of("s1", "s2", "s3", "s4");
        streams.forEach(this::stream);
        streams.forEach(name -> shop.land(name, 1, "a.parquet", 1, "day 1"));

        try (ServiceRun one = shop.startProcess("");
                ServiceRun other = shop.startProcess("")) {
            Workshop.await(
                    () -> assertThat(lanesOfEachMember()).as(other::lastWords).containsExactly(2, 2));
            for (int day = 2; day <= 10; day++) {
                int today = day;
                streams.forEach(name -> shop.land(name, today, "a.parquet", today, "day " + today));
                if (day == 5) {
                    one.kill();
                }
                Thread.sleep(100);
            }
            Workshop.await(() -> {
                for (String name : streams) {
                    assertThat(kafka.committed(group(), topic(name))).isEqualTo(10);
                }
            });
        }

        for (String name : streams) {
            assertThat(shop.read("select count(*), count(distinct id) from int_" + name))
                    .containsExactly("10 10");
            assertThat(shop.read("select count(*), count(distinct id) from log_" + name))
                    .containsExactly("10 10");
        }
        assertThat(shop.failed()).isEmpty();
    }

    private List<Integer> lanesOfEachMember() throws Exception {
        ConsumerGroupDescription group = kafka.admin()
                .describeConsumerGroups(List.of(group()))
                .all()
                .get(30, TimeUnit.SECONDS)
                .get(group());
        return Objects.requireNonNull(group).members().stream()
                .map(member -> member.assignment().topicPartitions().size())
                .sorted()
                .toList();
    }

    private String group() {
        return shop.topics().prefix() + "-core-runner";
    }

    private String topic(String stream) {
        return shop.topics().landed("shop", stream);
    }
}
