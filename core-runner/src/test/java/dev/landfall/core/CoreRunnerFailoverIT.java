package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.project.StreamName;
import dev.landfall.runner.LandfallHealth;
import dev.landfall.testing.KafkaFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

/** Brokers that stop, offsets that are set back, replicas that come and go. */
class CoreRunnerFailoverIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static final String ROWS = "select id, name from int_things order by id";

    @TempDir
    private Path directory;

    private Workshop shop;

    @BeforeEach
    void open() {
        kafka.start();
        shop = new Workshop(kafka, directory);
        shop.stream("things");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void goesOnWhenTheBrokerComesBack() {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));

        kafka.stop();
        Workshop.await(() -> assertThat(health(core)).isEqualTo(Status.DOWN));
        kafka.start();
        shop.land("things", 16, "a.parquet", 2, "two");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one", "2 two"));
        Workshop.await(() -> assertThat(health(core)).isEqualTo(Status.UP));
    }

    @Test
    void startsWithoutABrokerAndBeginsWhenThereIsOne() {
        kafka.stop();
        ConfigurableApplicationContext core = shop.start();
        Workshop.await(() -> assertThat(health(core)).isEqualTo(Status.DOWN));

        kafka.start();
        shop.land("things", 15, "a.parquet", 1, "one");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
        Workshop.await(() -> assertThat(shop.materialized()).hasSize(1));
    }

    @Test
    void appliesAgainWhenItsOffsetsWereSetBack() throws Exception {
        ConfigurableApplicationContext first = shop.start();
        shop.land("things", 1, "a.parquet", 1, "day 1");
        shop.land("things", 2, "a.parquet", 2, "day 2");
        long last = shop.land("things", 3, "a.parquet", 3, "day 3");
        Workshop.await(() -> assertThat(committed()).isEqualTo(last + 1));
        shop.query(first, "delete from int_things");
        shop.stop(first);

        kafka.admin()
                .alterConsumerGroupOffsets(group(), Map.of(new TopicPartition(topic(), 0), new OffsetAndMetadata(0)))
                .all()
                .get(30, TimeUnit.SECONDS);
        ConfigurableApplicationContext second = shop.start();

        Workshop.await(() -> assertThat(rows(second)).containsExactly("1 day 1", "2 day 2", "3 day 3"));
    }

    @Test
    void sharesTheStreamsWithAReplicaAndTakesThemAllWhenItGoes() {
        List<String> streams = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            streams.add("s" + i);
            shop.stream("s" + i);
        }
        ConfigurableApplicationContext one = shop.start();
        streams.forEach(stream -> shop.land(stream, 1, "a.parquet", 1, "first"));
        Workshop.await(() -> assertThat(held(one)).hasSize(4));

        ConfigurableApplicationContext other = shop.start();
        Workshop.await(() -> assertThat(held(one)).hasSize(2));
        Workshop.await(() -> assertThat(held(other)).hasSize(2));
        streams.forEach(stream -> shop.land(stream, 2, "a.parquet", 2, "second"));
        streams.forEach(
                stream -> Workshop.await(() -> assertThat(names(one, stream)).containsExactly("first", "second")));

        shop.stop(other);
        Workshop.await(() -> assertThat(held(one)).hasSize(4));
        streams.forEach(stream -> shop.land(stream, 3, "a.parquet", 3, "third"));
        streams.forEach(stream ->
                Workshop.await(() -> assertThat(names(one, stream)).containsExactly("first", "second", "third")));
        assertThat(shop.failed()).isEmpty();
    }

    private List<String> rows(ConfigurableApplicationContext core) {
        return shop.query(core, ROWS);
    }

    private List<String> names(ConfigurableApplicationContext core, String stream) {
        return shop.query(core, "select name from int_" + stream + " order by id");
    }

    private static List<StreamName> held(ConfigurableApplicationContext core) {
        return core.getBean(StreamLanes.class).held();
    }

    private static Status health(ConfigurableApplicationContext core) {
        return Objects.requireNonNull(core.getBean(LandfallHealth.class).health())
                .getStatus();
    }

    private long committed() {
        return kafka.committed(group(), topic());
    }

    private String group() {
        return shop.topics().prefix() + "-core-runner";
    }

    private String topic() {
        return shop.topics().landed("shop", "things");
    }
}
