package dev.landfall.sensor;

import dev.landfall.event.Topics;
import dev.landfall.lake.Lake;
import dev.landfall.lake.Lakes;
import dev.landfall.service.HealthChecks;
import dev.landfall.telemetry.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/** How the parts of this service hang together. */
@Configuration(proxyBeanMethods = false)
class SensorConfiguration {
    private static final String MONTH = String.valueOf(30L * 24 * 60 * 60 * 1000);

    @Bean
    Topics topics(SensorProperties properties) {
        return new Topics(properties.topics().prefix());
    }

    @Bean(destroyMethod = "close")
    Lake lake(SensorProperties properties) {
        return Lakes.open(properties.lakeSettings());
    }

    @Bean(destroyMethod = "close")
    Traces traces(SensorProperties properties) {
        return Traces.open("sensor-service", properties.telemetry().traceFile());
    }

    @Bean(destroyMethod = "close")
    LandedTopics landedTopics(
            SensorProperties properties, KafkaAdmin admin, ProducerFactory<?, ?> producers, Traces traces) {
        LandingPublisher publisher = new LandingPublisher(
                producers.getConfigurationProperties(),
                properties.topics().prefix(),
                properties.sensor().instanceId(),
                traces);
        return new LandedTopics(
                admin.getConfigurationProperties(), properties.topics().replication(), publisher);
    }

    @Bean
    Sensors sensors(
            SensorProperties properties,
            Lake lake,
            Topics topics,
            LandedTopics landedTopics,
            ConsumerFactory<?, ?> consumers,
            ObjectProvider<MeterRegistry> metrics) {
        Map<String, Object> settings = new HashMap<>(consumers.getConfigurationProperties());
        if (properties.sensor().instanceId() != null) {
            settings.put(
                    ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, properties.sensor().instanceId());
        }
        return new Sensors(
                properties,
                lake,
                watches -> new StreamAssignment(
                        topics,
                        landedTopics,
                        () -> new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer()),
                        watches),
                metrics.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnProperty("landfall.sensor.sqs-queue")
    LandingQueue landingQueue(SensorProperties properties, Sensors sensors, ObjectProvider<MeterRegistry> metrics) {
        return LandingQueue.at(
                Objects.requireNonNull(properties.sensor().sqsQueue()),
                properties.lake().region(),
                sensors,
                metrics.getIfAvailable(SimpleMeterRegistry::new));
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    HealthChecks healthChecks(
            SensorProperties properties, Sensors sensors, LandedTopics landedTopics, KafkaAdmin admin) {
        Map<String, HealthChecks.Check> checks = new LinkedHashMap<>();
        AtomicBoolean isStatusTopicMade = new AtomicBoolean();
        checks.put("kafka", () -> {
            landedTopics.check();
            if (!isStatusTopicMade.get()) {
                isStatusTopicMade.set(admin.initialize());
            }
        });
        checks.put("lake", sensors::checkLake);
        checks.put("project", sensors::checkProject);
        return new HealthChecks(properties.healthPeriod(), checks);
    }

    @Bean
    HealthIndicator landfallHealthIndicator(HealthChecks health, Sensors sensors) {
        return new LandfallHealth(health, sensors);
    }

    @Bean
    KafkaAdmin.NewTopics sharedTopics(Topics topics, SensorProperties properties) {
        short replication = properties.topics().replication();
        return new KafkaAdmin.NewTopics(
                topic(topics.status(), replication).compact().build(),
                topic(topics.runRequests(), replication)
                        .config("retention.ms", MONTH)
                        .build());
    }

    private static TopicBuilder topic(String name, short replication) {
        TopicBuilder topic = TopicBuilder.name(name).partitions(1);
        return replication == 0 ? topic : topic.replicas(replication);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ListingDesk listingDesk(Topics topics, Sensors sensors, KafkaTemplate<String, byte[]> kafka) {
        return new ListingDesk(topics, sensors, kafka);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    StatusReporter statusReporter(
            Topics topics, KafkaTemplate<String, byte[]> kafka, Sensors sensors, HealthChecks health) {
        return new StatusReporter(topics, kafka, sensors, health);
    }
}
