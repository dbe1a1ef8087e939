package dev.landfall.core;

import dev.landfall.event.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.TopicPartition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.ContainerCustomizer;
import org.springframework.kafka.config.TopicBuilder;
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
    private static final String MONTH = String.valueOf(30L * 24 * 60 * 60 * 1000);

    @Bean
    Topics topics(CoreRunnerProperties properties) {
        return new Topics(properties.topics().prefix());
    }

    @Bean
    EventPublisher eventPublisher(KafkaTemplate<String, byte[]> kafka) {
        return new EventPublisher(kafka);
    }

    @Bean
    DeadLetters deadLetters(Topics topics, KafkaTemplate<String, byte[]> kafka) {
        return new DeadLetters(topics, kafka);
    }

    @Bean(destroyMethod = "close")
    KafkaPreparation kafkaPreparation(KafkaAdmin admin, Topics topics, CoreRunnerProperties properties) {
        return new KafkaPreparation(admin.getConfigurationProperties(), ownTopics(topics, properties));
    }

    private static List<NewTopic> ownTopics(Topics topics, CoreRunnerProperties properties) {
        return List.of(
                topic(topics.materialized(), properties).compact().build(),
                topic(topics.failed(), properties).config("retention.ms", MONTH).build(),
                topic(topics.tested(), properties).compact().build(),
                topic(topics.columnChanges(), properties)
                        .config("retention.ms", MONTH)
                        .build(),
                topic(topics.deadLetters(), properties)
                        .config("retention.ms", "-1")
                        .build(),
                topic(topics.runRequests(), properties)
                        .config("retention.ms", MONTH)
                        .build(),
                topic(topics.status(), properties).compact().build());
    }

    private static TopicBuilder topic(String name, CoreRunnerProperties properties) {
        short replication = properties.topics().replication();
        TopicBuilder topic = TopicBuilder.name(name).partitions(1);
        return replication == 0 ? topic : topic.replicas(replication);
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
                Properties watched = new Properties();
                watched.put(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, CommitWatch.class.getName());
                watched.put(CommitWatch.LISTENER, (BiConsumer<TopicPartition, Long>)
                        (partition, offset) -> listener.getObject().committed(partition, offset));
                settings.setKafkaConsumerProperties(watched);
            }
        };
    }
}
