package dev.landfall.core;

import dev.landfall.testing.KafkaFixture;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a broker in this JVM. */
class CoreRunnerIT extends CoreRunnerContract {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @Override
    KafkaFixture kafka() {
        return kafka;
    }
}
