package dev.landfall.mart;

import dev.landfall.event.Topics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
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
    Topics topics(MartRunnerProperties properties) {
        return new Topics(properties.topics().prefix());
    }

    @Bean
    EventPublisher eventPublisher(KafkaTemplate<String, byte[]> kafka) {
        return new EventPublisher(kafka);
    }

    @Bean(destroyMethod = "close")
    KafkaPreparation kafkaPreparation(KafkaAdmin admin, Topics topics, MartRunnerProperties properties) {
        return new KafkaPreparation(admin.getConfigurationProperties(), ownTopics(topics, properties));
    }

    private static List<NewTopic> ownTopics(Topics topics, MartRunnerProperties properties) {
        return List.of(
                topic(topics.materialized(), properties).compact().build(),
                topic(topics.failed(), properties).config("retention.ms", MONTH).build(),
                topic(topics.tested(), properties).compact().build(),
                topic(topics.runRequests(), properties)
                        .config("retention.ms", MONTH)
                        .build(),
                topic(topics.status(), properties).compact().build());
    }

    private static TopicBuilder topic(String name, MartRunnerProperties properties) {
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

    /** Offsets are committed by the wave: in the properties it would hold for every listener there may be. */
    @Bean
    ContainerCustomizer<Object, Object, ConcurrentMessageListenerContainer<Object, Object>> containers(
            ObjectProvider<ModelMaterializedListener> listener) {
        return container -> {
            ContainerProperties settings = container.getContainerProperties();
            settings.setAckMode(AckMode.MANUAL);
            settings.setSyncCommitTimeout(Duration.ofSeconds(10));
            if (ModelMaterializedListener.LISTENER.equals(container.getListenerId())) {
                settings.setConsumerRebalanceListener(listener.getObject());
            }
        };
    }
}
