package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventJson;
import dev.landfall.event.LaneStatus;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.ServiceStatus;
import dev.landfall.event.Topics;
import dev.landfall.testing.KafkaFixture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class StatusTopicIT {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @Test
    void takesTheNewestWordOfEach() {
        kafka.createTopic("one.status");
        kafka.send("one.status", "stream/shop.orders", lane("running"));
        kafka.send("one.status", "stream/shop.orders", lane("idle"));
        kafka.send("one.status", "service/sensor/a", service("down", Map.of("lake", "no bucket 'landing'")));
        kafka.send("one.status", "of/a/later/version", "{}");
        kafka.send("one.status", "request/r1", request("running", 12));
        kafka.send("one.status", "request/r1", request("running", 120));

        StatusTopic status = StatusTopic.read(system("one"));

        assertThat(status.streams().values()).extracting(LaneStatus::state).containsExactly("idle");
        assertThat(status.requests().get("r1")).extracting(RequestStatus::done).isEqualTo(120L);
        assertThat(status.servicesInWords()).isEqualTo("sensor down: no bucket 'landing'");
    }

    @Test
    void requestsThatAreNotDoneAreShown(@TempDir Path nowhere) {
        kafka.createTopic("three.status");
        kafka.send("three.status", "request/r1", request("running", 120));
        kafka.send("three.status", "request/r2", request("done", 365));

        CommandLineFixture.Outcome status = new CommandLineFixture(nowhere)
                .with("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers())
                .with("LANDFALL_TOPICS_PREFIX", "three")
                .run("status");

        assertThat(status.out()).contains("120 of 365").doesNotContain("r2");
        assertThat(status.code()).as(status.err()).isZero();
    }

    @Test
    void aReasonOfSeveralLinesStandsInFullBelowTheTable(@TempDir Path nowhere) {
        kafka.createTopic("four.status");
        kafka.send(
                "four.status",
                "model/model.shop.orders",
                EventJson.write(new ModelStatus(
                        "model.shop.orders",
                        "core",
                        "shop.orders",
                        "failing",
                        "Binder Error: no column\n\nLINE 1: select x\n               ^",
                        null,
                        null,
                        null,
                        7L,
                        2L,
                        "a note",
                        NOW)));

        CommandLineFixture.Outcome status = new CommandLineFixture(nowhere)
                .with("SPRING_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers())
                .with("LANDFALL_TOPICS_PREFIX", "four")
                .run("status");

        assertThat(status.out())
                .contains("7 (2 set aside) | Binder Error: no column; a note; see landfall dead-letters\n")
                .endsWith("\norders:\n  Binder Error: no column\n\n  LINE 1: select x\n                 ^\n");
        assertThat(status.code()).isEqualTo(Landfall.FAILED);
    }

    @Test
    void isEmptyWhereNobodyHasSpoken() {
        StatusTopic status = StatusTopic.read(system("two"));

        assertThat(status.streams()).isEmpty();
    }

    private static RunningSystem system(String prefix) {
        return new RunningSystem(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), new Topics(prefix), kafka.bootstrapServers());
    }

    private static String lane(String state) {
        return EventJson.write(new LaneStatus("shop.orders", state, null, null, 3L, 3L, 0L, 0L, 0L, null, null, NOW));
    }

    private static String request(String state, long done) {
        return EventJson.write(new RequestStatus("r1", "shop.orders", state, done, 365L, "", NOW, NOW));
    }

    private static String service(String state, Map<String, String> problems) {
        return EventJson.write(new ServiceStatus("sensor", "a", state, problems, "c", NOW, NOW));
    }
}
