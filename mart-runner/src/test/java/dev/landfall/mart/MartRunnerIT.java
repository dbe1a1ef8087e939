package dev.landfall.mart;

import dev.landfall.testing.KafkaFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker in this JVM. */
class MartRunnerIT extends MartRunnerContract {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @Override
    KafkaFixture kafka() {
        return kafka;
    }
}
