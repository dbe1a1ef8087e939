package dev.landfall.mart;

import dev.landfall.testing.KafkaFixture;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** On Kafka's own image; skipped where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
class MartRunnerContainerIT extends MartRunnerContract {
    @Container
    static final KafkaContainer container = new KafkaContainer("apache/kafka:4.2.2");

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.at(container::getBootstrapServers);

    @Override
    KafkaFixture kafka() {
        return kafka;
    }
}
