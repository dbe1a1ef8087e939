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

/** Reads a topic of one partition to where it ends now. */
public final class WholeTopic {
    /** As many as a fetch brings: a call for each few of them costs more than they do. */
    private static final String MAX_POLL_RECORDS = "5000";

    private WholeTopic() {}

    /**
     * Hands each record over, oldest first.
     *
     * @param reader who reads, in the client's id
     * @param from the offset to begin at: 0, or what an earlier call gave
     * @return the offset to go on from
     * @throws KafkaException when the topic cannot be read
     */
    public static long read(
            ConsumerFactory<String, byte[]> consumers,
            String topic,
            String reader,
            long from,
            java.util.function.Consumer<ConsumerRecord<String, byte[]>> each) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Properties properties = new Properties();
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
        try (Consumer<String, byte[]> consumer =
                consumers.createConsumer((@Nullable String) null, reader, null, properties)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            if (from == 0 || from > end) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, from);
            }
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(each);
            }
            return consumer.position(partition);
        }
    }
}
