package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.PartitionLanded;
import dev.landfall.event.Topics;
import dev.landfall.testing.KafkaFixture;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventFeedIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private final Topics topics = new Topics("feed");

    @Test
    void tellsWhatHappensFromItsStartOn() throws InterruptedException {
        kafka.createTopic("feed.failed");
        kafka.send("feed.failed", "m", failure("before"));
        Heard heard = new Heard();
        try (EventFeed feed = EventFeed.start(kafka.bootstrapServers(), topics, heard)) {
            assertThat(feed).isNotNull();

            kafka.send("feed.failed", "m", failure("after"));
            kafka.createTopic("feed.landed.shop.orders");
            kafka.send("feed.landed.shop.orders", "year=2026", landing());

            assertThat(List.of(heard.next(), heard.next()))
                    .containsExactlyInAnyOrder("failed: after", "landed: shop.orders");
        }
    }

    @Test
    void passesOverWhatIsNoEvent() throws InterruptedException {
        Heard heard = new Heard();
        try (EventFeed feed = EventFeed.start(kafka.bootstrapServers(), topics, heard)) {
            assertThat(feed).isNotNull();

            kafka.createTopic("feed.landed.shop.customers");
            kafka.send("feed.landed.shop.customers", "_", "{broken");
            kafka.send("feed.landed.shop.customers", "year=2026", landing());

            assertThat(heard.next()).isEqualTo("landed: shop.orders");
        }
    }

    private static String landing() {
        return EventJson.write(new PartitionLanded(
                "shop",
                "orders",
                "landing",
                "raw/shop/orders/",
                Map.of("year", "2026"),
                1,
                List.of(),
                List.of(),
                Instant.now(),
                "m",
                "c"));
    }

    private static String failure(String error) {
        return EventJson.write(new ModelFailed(
                "model.shop.orders",
                "core",
                "shop.orders",
                "r",
                List.of(),
                error,
                true,
                Instant.now(),
                Instant.now(),
                "c"));
    }

    private static final class Heard implements EventFeed.Listener {
        private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

        String next() throws InterruptedException {
            String next = said.poll(120, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public void landed(PartitionLanded landing) {
            said.add("landed: " + landing.source() + "." + landing.stream());
        }

        @Override
        public void materialized(ModelMaterialized model) {
            said.add("materialized: " + model.model());
        }

        @Override
        public void failed(ModelFailed failure) {
            said.add("failed: " + failure.error());
        }

        @Override
        public void deadLettered(String key, String reason) {
            said.add("aside: " + key);
        }
    }
}
