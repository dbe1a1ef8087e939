package dev.landfall.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KafkaFixtureIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @Test
    void readsWhatWasSent() {
        kafka.createTopic("things");
        kafka.createTopic("things");

        kafka.send("things", "a", "first", Map.of("colour", "red"));
        long offset = kafka.send("things", "a", "second");

        assertThat(offset).isEqualTo(1);
        assertThat(kafka.awaitCount("things", 2))
                .extracting(each -> each.value())
                .containsExactly("first", "second");
        assertThat(kafka.read("nothing")).isEmpty();
        assertThat(kafka.committed("nobody", "things")).isEqualTo(-1);
    }

    @Test
    void comesBackWithItsDataAfterAnOutage() {
        kafka.createTopic("kept");
        kafka.send("kept", "a", "value");
        String before = kafka.bootstrapServers();

        kafka.stop();
        kafka.start();

        assertThat(kafka.bootstrapServers()).isEqualTo(before);
        assertThat(kafka.read("kept")).hasSize(1);
    }
}
