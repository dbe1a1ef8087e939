package dev.landfall.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    @TempDir
    private Path directory;

    @Test
    void keepsItsRecordsOverARestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
            createOrders(kafka);
            send(kafka, "before");
        }

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
            send(kafka, "after");

            assertThat(read(kafka, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void refusesADirectoryThatAnotherBrokerHolds() throws Exception {
        Path data = directory.resolve("kafka");
        try (EmbeddedKafka first = EmbeddedKafka.start(data, 0)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(data, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another broker runs on " + data);

            createOrders(first);
            send(first, "unharmed");
            assertThat(read(first, 1)).containsExactly("unharmed");
        }
    }

    @Test
    void refusesAPortThatIsInUseAndLeavesTheDirectoryUsable() throws Exception {
        Path data = directory.resolve("kafka");
        try (EmbeddedKafka first = EmbeddedKafka.start(directory.resolve("other"), 0)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(data, first.port()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("port " + first.port() + " is in use");
        }

        try (EmbeddedKafka second = EmbeddedKafka.start(data, 0)) {
            createOrders(second);
            send(second, "started");
            assertThat(read(second, 1)).containsExactly("started");
        }
    }

    private static void createOrders(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("orders", Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    private static void send(EmbeddedKafka kafka, String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(ORDERS.topic(), value)).get();
        }
    }

    private static List<String> read(EmbeddedKafka kafka, int count) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            List<String> values = new ArrayList<>();
            for (int poll = 0; values.size() < count && poll < 600; poll++) {
                consumer.poll(Duration.ofMillis(100)).forEach(each -> values.add(each.value()));
            }
            return values;
        }
    }
}
