package dev.landfall.runner;

import dev.landfall.event.EventJson;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;

/** Sends events as JSON with CloudEvents headers. */
public final class EventPublisher {
    private final KafkaTemplate<String, byte[]> kafka;
    private final String source;

    /** @param service the name of the one that sends, CloudEvents' source */
    public EventPublisher(KafkaTemplate<String, byte[]> kafka, String service) {
        this.kafka = kafka;
        this.source = "/" + service;
    }

    /** Completes when the broker has the event, or fails: it throws nothing here. */
    public CompletableFuture<SendResult<String, byte[]>> send(String topic, String key, Record event) {
        return send(topic, key, event, Map.of());
    }

    /** As the other, with headers beside those of CloudEvents. */
    public CompletableFuture<SendResult<String, byte[]>> send(
            String topic, String key, Record event, Map<String, String> moreHeaders) {
        ProducerRecord<String, byte[]> message =
                new ProducerRecord<>(topic, key, EventJson.write(event).getBytes(StandardCharsets.UTF_8));
        EventJson.headers(event.getClass(), source, key, Instant.now())
                .forEach((name, value) -> add(message, name, value));
        moreHeaders.forEach((name, value) -> add(message, name, value));
        try {
            return kafka.send(message);
        } catch (RuntimeException noBroker) {
            return CompletableFuture.failedFuture(noBroker);
        }
    }

    private static void add(ProducerRecord<String, byte[]> message, String name, String value) {
        message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
