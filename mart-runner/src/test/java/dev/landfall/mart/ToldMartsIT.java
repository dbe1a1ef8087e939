package dev.landfall.mart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.Topics;
import dev.landfall.testing.KafkaFixture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

class ToldMartsIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private final Topics topics = new Topics("told");

    @Test
    void readsTheTopicOnceAndThenWhatCameSince() throws Exception {
        kafka.admin()
                .createTopics(List.of(new NewTopic(topics.materialized(), 1, (short) 1)))
                .all()
                .get(30, TimeUnit.SECONDS);
        tell("totals", "1");
        tell("totals", "2");
        kafka.send(topics.materialized(), "poison", "this is not JSON");
        tell("largest", "3");
        ToldMarts told = new ToldMarts(
                topics,
                new DefaultKafkaConsumerFactory<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
                        new StringDeserializer(),
                        new ByteArrayDeserializer()));

        assertThat(told.versions()).isEqualTo(Map.of("totals", "2", "largest", "3"));

        kafka.admin()
                .deleteRecords(Map.of(new TopicPartition(topics.materialized(), 0), RecordsToDelete.beforeOffset(4)))
                .all()
                .get(30, TimeUnit.SECONDS);
        tell("largest", "5");
        assertThat(told.versions())
                .as("without what is gone from the topic meanwhile")
                .isEqualTo(Map.of("totals", "2", "largest", "5"));
    }

    private void tell(String mart, String version) {
        ModelMaterialized event = new ModelMaterialized(
                mart,
                mart,
                "mart",
                "",
                "run",
                List.of(),
                false,
                false,
                1L,
                0L,
                1L,
                0L,
                0L,
                0L,
                Instant.EPOCH,
                Instant.EPOCH,
                version,
                Map.of(),
                "project");
        kafka.send(topics.materialized(), mart, EventJson.write(event));
    }
}
