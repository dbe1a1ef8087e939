package dev.landfall.runner;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.core.ConsumerFactory;

/** Reads a topic of one partition from its beginning to where it ends now. */
public final class WholeTopic {
    private WholeTopic() {}

    /**
     * Hands each record over, oldest first.
     *
     * @param reader who reads, in the client's id
     * @throws KafkaException when the topic cannot be read
     */
    public static void read(
            ConsumerFactory<String, byte[]> consumers,
            String topic,
            String reader,
            java.util.function.Consumer<ConsumerRecord<String, byte[]>> each) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        try (Consumer<String, byte[]> consumer =
                consumers.createConsumer((@Nullable String) null, reader, null, properties)) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(each);
            }
        }
    }
}
