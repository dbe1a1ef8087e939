package dev.landfall.core;

import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Learns which offsets the broker has committed; made by Kafka's consumer, told by its configuration whom to tell. */
public final class CommitWatch implements ConsumerInterceptor<Object, Object> {
    /** The consumer's property that holds a {@code BiConsumer<TopicPartition, Long>}. */
    static final String LISTENER = "landfall.committed";

    private @Nullable BiConsumer<TopicPartition, Long> listener;

    @Override
    @SuppressWarnings("unchecked") // what stands there is put there by KafkaConfiguration
    public void configure(Map<String, ?> settings) {
        listener = (BiConsumer<TopicPartition, Long>) settings.get(LISTENER);
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (listener != null) {
            offsets.forEach((partition, offset) -> listener.accept(partition, offset.offset()));
        }
    }

    @Override
    public void close() {}
}
