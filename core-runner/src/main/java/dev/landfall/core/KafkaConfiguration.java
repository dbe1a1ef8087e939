package dev.landfall.core;

import dev.landfall.event.Topics;
import dev.landfall.runner.EventPublisher;
import dev.landfall.runner.KafkaPreparation;
import dev.landfall.runner.TopicProperties;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.ContainerProperties.AckMode;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.ProducerListener;
import org.springframework.util.backoff.FixedBackOff;

/** Topics, and how the listeners consume. */
@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {
    private static final Duration MONTH = Duration.ofDays(30);

    @Bean
    Topics topics(CoreRunnerProperties properties) {
        return properties.topics().names();
    }

    @Bean
    EventPublisher eventPublisher(KafkaTemplate<String, byte[]> kafka) {
        return new EventPublisher(kafka, "core-runner");
    }

    @Bean
    DeadLetters deadLetters(
            Topics topics, KafkaTemplate<String, byte[]> kafka, ConsumerFactory<String, byte[]> consumers) {
        return new DeadLetters(topics, kafka, consumers);
    }

    @Bean(destroyMethod = "close")
    KafkaPreparation kafkaPreparation(KafkaAdmin admin, Topics topics, CoreRunnerProperties properties) {
        return new KafkaPreparation(admin.getConfigurationProperties(), ownTopics(topics, properties.topics()));
    }

    private static List<NewTopic> ownTopics(Topics topics, TopicProperties made) {
        return List.of(
                made.compacted(topics.materialized()),
                made.keptFor(MONTH, topics.failed()),
                made.compacted(topics.tested()),
                made.keptFor(MONTH, topics.columnChanges()),
                made.kept(topics.deadLetters()),
                made.keptFor(MONTH, topics.runRequests()),
                made.compacted(topics.status()));
    }

    /** Those who send tell what could not be sent. */
    @Bean
    ProducerListener<Object, Object> quietProducerListener() {
        return new ProducerListener<>() {};
    }

    /** Nothing but a broker that is away makes a listener fail: what it was given waits for as long as that takes. */
    @Bean
    CommonErrorHandler errorHandler() {
        return new DefaultErrorHandler(new FixedBackOff(1000, FixedBackOff.UNLIMITED_ATTEMPTS));
    }

    /** One call and one acknowledgment per topic, given by the lane: in the properties it would hold for all listeners. */
    @Bean
    ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> containers(
            ObjectProvider<PartitionLandedListener> listener, CoreRunnerProperties properties) {
        return container -> {
            ContainerProperties settings = container.getContainerProperties();
            settings.setAckMode(AckMode.MANUAL);
            settings.setSyncCommitTimeout(Duration.ofSeconds(10));
            if (PartitionLandedListener.LISTENER.equals(container.getListenerId())) {
                container.setConcurrency(properties.core().consumers());
                settings.setSubBatchPerPartition(true);
                settings.setConsumerRebalanceListener(listener.getObject());
                settings.setOffsetAndMetadataProvider((metadata, offset) -> CommitMark.on(offset));
            }
        };
    }
}
