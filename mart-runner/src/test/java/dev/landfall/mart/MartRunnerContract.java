package dev.landfall.mart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.service.Engine;
import dev.landfall.testing.KafkaFixture;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** What mart-runner does on any broker, with a real DuckDB file. */
abstract class MartRunnerContract {
    private static final String TOTALS = "select total from fct_totals";

    @TempDir
    private Path directory;

    private Workshop shop;

    abstract KafkaFixture kafka();

    @BeforeEach
    void open() {
        shop = new Workshop(kafka(), directory);
        shop.stream("orders");
        shop.mart("fct_totals", "select sum(amount)::int as total from {{ ref('int_orders') }}");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void buildsWhatIsDownstreamOfAnEvent() {
        ConfigurableApplicationContext mart = shop.start();

        shop.tell(shop.run(mart, "orders", 15, 1, 10));
        Workshop.await(() -> assertThat(shop.query(mart, TOTALS)).containsExactly("10"));
        shop.tell(shop.run(mart, "orders", 16, 2, 5));

        Workshop.await(() -> assertThat(shop.query(mart, TOTALS)).containsExactly("15"));
        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 2L));
        assertThat(shop.failed()).isEmpty();
    }

    @Test
    void passesOverWhatIsNoEvent() {
        kafka().createTopic(shop.topics().materialized());
        kafka().send(shop.topics().materialized(), "poison", "this is not JSON");
        ConfigurableApplicationContext mart = shop.start();
        kafka().send(shop.topics().materialized(), "poison", "nor is this");

        shop.tell(shop.run(mart, "orders", 15, 1, 10));

        Workshop.await(() -> assertThat(shop.query(mart, TOTALS)).containsExactly("10"));
    }

    @Test
    void buildsWhatIsStaleAlsoWhenTheEventWasLost() {
        shop.set("landfall.mart.recheck", "300ms");
        ConfigurableApplicationContext mart = shop.start();

        shop.run(mart, "orders", 15, 1, 10);

        Workshop.await(() -> assertThat(shop.query(mart, TOTALS)).containsExactly("10"));
    }

    @Test
    void buildsEachMartOfADiamondOnceForAWave() {
        shop.stream("refunds");
        shop.mart("left_side", "select sum(amount)::int as total from {{ ref('int_orders') }}");
        shop.mart("right_side", "select sum(amount)::int as total from {{ ref('int_refunds') }}");
        shop.mart("bottom", "select a.total - b.total as net from {{ ref('left_side') }} a, {{ ref('right_side') }} b");
        shop.set("landfall.mart.linger", "1s");
        shop.set("landfall.mart.max-linger", "5s");
        ConfigurableApplicationContext mart = shop.start();

        List<ModelMaterialized> events = new ArrayList<>(shop.run(mart, "orders", 15, 1, 10));
        events.addAll(shop.run(mart, "refunds", 15, 1, 3));
        shop.tell(events);

        Workshop.await(
                () -> assertThat(shop.query(mart, "select net from bottom")).containsExactly("7"));
        Workshop.await(() -> assertThat(shop.builds())
                .isEqualTo(Map.of("fct_totals", 1L, "left_side", 1L, "right_side", 1L, "bottom", 1L)));
    }

    @Test
    void buildsTheChildOfTwentyParentsOnceWhenAllLandTogether() {
        StringBuilder all = new StringBuilder("select 0 as total");
        for (int i = 1; i <= 20; i++) {
            shop.stream("s" + i);
            shop.mart("m" + i, "select sum(amount)::int as total from {{ ref('int_s" + i + "') }}");
            all.append(" union all select total from {{ ref('m").append(i).append("') }}");
        }
        shop.mart("everything", "select sum(total)::int as total from (" + all + ")");
        shop.set("landfall.mart.linger", "1s");
        shop.set("landfall.mart.max-linger", "20s");
        ConfigurableApplicationContext mart = shop.start();

        List<ModelMaterialized> events = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            events.addAll(shop.run(mart, "s" + i, 15, 1, i));
        }
        shop.tell(events);

        Workshop.await(() ->
                assertThat(shop.query(mart, "select total from everything")).containsExactly("210"));
        Workshop.await(() -> assertThat(shop.builds()).hasSize(21).doesNotContainKey("fct_totals"));
        assertThat(shop.builds().values()).containsOnly(1L);
    }

    @Test
    void saysThatNothingChangedWhereAStreamRanForNothing() {
        ConfigurableApplicationContext mart = shop.start();
        shop.tell(shop.run(mart, "orders", 16, 1, 10));
        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 1L));

        shop.tell(shop.run(mart, "orders", 15, 1, 99));

        Workshop.await(() -> assertThat(status("fct_totals").reason())
                .isEqualTo("int_orders ran again and came to the same rows; it is not rebuilt"));
        assertThat(shop.builds()).containsEntry("fct_totals", 1L);
        assertThat(shop.query(mart, TOTALS)).containsExactly("10");
    }

    @Test
    void doesNotHoldSiblingsBackForAMartThatFailsAndBuildsItWhenItIsMended() {
        shop.mart("broken", "select no_such_column from {{ ref('int_orders') }}");
        shop.mart("below", "select * from {{ ref('broken') }}");
        ConfigurableApplicationContext mart = shop.start();

        shop.tell(shop.run(mart, "orders", 15, 1, 10));

        Workshop.await(() -> assertThat(shop.query(mart, TOTALS)).containsExactly("10"));
        Workshop.await(() -> assertThat(shop.failed()).isNotEmpty());
        assertThat(shop.failed())
                .extracting(ModelFailed::model)
                .containsOnly("model.shop.broken")
                .hasSize(1);
        assertThat(shop.failed().get(0).error()).contains("broken").contains("no_such_column");
        Workshop.await(() -> assertThat(status("below").reason()).contains("broken"));

        shop.mart("broken", "select amount from {{ ref('int_orders') }}");
        Workshop.await(() -> assertThat(shop.query(mart, "select * from below")).containsExactly("10"));
        Workshop.await(() -> assertThat(status("broken").state()).isEqualTo("fresh"));
    }

    @Test
    void buildsNothingAgainThatIsFresh() throws Exception {
        ConfigurableApplicationContext first = shop.start();
        shop.tell(shop.run(first, "orders", 15, 1, 10));
        Workshop.await(() -> assertThat(shop.query(first, TOTALS)).containsExactly("10"));
        shop.stop(first);

        ConfigurableApplicationContext second = shop.start();
        shop.mart("fct_new", "select count(*) as orders from {{ ref('int_orders') }}");
        Workshop.await(() ->
                assertThat(shop.query(second, "select orders from fct_new")).containsExactly("1"));

        Workshop.await(() -> assertThat(shop.builds()).isEqualTo(Map.of("fct_totals", 1L, "fct_new", 1L)));
        Workshop.await(() -> assertThat(status("fct_totals").rows()).isEqualTo(1));
    }

    @Test
    void tellsOfWhatAnotherRunnerBuiltAndNeverToldWhenItTakesOver() {
        ConfigurableApplicationContext mart = shop.start();
        shop.tell(shop.run(mart, "orders", 15, 1, 10));
        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 1L));
        MessageListenerContainer listener = Objects.requireNonNull(mart.getBean(KafkaListenerEndpointRegistry.class)
                .getListenerContainer(ModelMaterializedListener.LISTENER));

        listener.stop();
        shop.run(mart, "orders", 16, 2, 5);
        mart.getBean(Engine.class).marts().buildStale(result -> {});
        listener.start();

        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 2L));
        assertThat(shop.query(mart, TOTALS)).containsExactly("15");
        assertThat(shop.query(mart, "select count(*) from _landfall.runs where layer = 'mart'"))
                .containsExactly("2");
    }

    @Test
    void saysWhyAMartWaits() {
        shop.start();

        Workshop.await(() -> {
            assertThat(status("fct_totals").state()).isEqualTo("waiting");
            assertThat(status("fct_totals").reason()).contains("int_orders");
        });
    }

    @Test
    void buildsOnRequest() {
        ConfigurableApplicationContext mart = shop.start();
        shop.tell(shop.run(mart, "orders", 15, 1, 10));
        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 1L));

        kafka().send(shop.topics().runRequests(), "poison", "this is not JSON");
        ask("r1", "fct_totals");

        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 2L));
    }

    @Test
    void saysThatItDoesNotKnowTheMartOfARequest() {
        shop.start();
        ask("r2", "fct_nothing");

        Workshop.await(() -> {
            assertThat(request("r2").state()).isEqualTo("failed");
            assertThat(request("r2").message())
                    .contains("model.shop.fct_nothing is no model of the project that mart-runner has");
        });
    }

    @Test
    void buildsByWhatWasSavedJustBeforeAndNothingWhileThatHasMistakes() {
        shop.set("landfall.project-poll", "10m");
        ConfigurableApplicationContext mart = shop.start();
        shop.tell(shop.run(mart, "orders", 15, 1, 10));
        Workshop.await(() -> assertThat(shop.builds()).containsEntry("fct_totals", 1L));

        shop.write("models/fct_totals.sql", "{{ config(materialized='table') }} select 77 as n");
        ask("r3", "fct_totals");
        Workshop.await(() -> assertThat(request("r3").state()).isEqualTo("done"));
        assertThat(shop.query(mart, "select n from fct_totals")).containsExactly("77");

        shop.write("models/fct_totals.sql", "select * from {{ ref('nothing') }}");
        ask("r4", "fct_totals");
        Workshop.await(() -> assertThat(request("r4").state()).isEqualTo("failed"));
        assertThat(request("r4").message()).contains("models/fct_totals.sql", "nothing");
    }

    private void ask(String id, String mart) {
        RunRequested request = new RunRequested(
                id,
                "full-refresh",
                "",
                List.of("model.shop." + mart),
                List.of(),
                List.of(),
                true,
                false,
                Instant.now());
        kafka().send(shop.topics().runRequests(), id, EventJson.write(request));
    }

    private RequestStatus request(String id) {
        return kafka().read(shop.topics().status()).stream()
                .filter(message -> message.key().equals("request/" + id))
                .reduce((first, second) -> second)
                .map(message -> read(message.value()))
                .orElseThrow(() -> new AssertionError("no status of " + id));
    }

    private static RequestStatus read(String value) {
        try {
            return EventJson.read(RequestStatus.class, value);
        } catch (EventException e) {
            throw new AssertionError(e);
        }
    }

    private ModelStatus status(String model) throws Exception {
        String value = kafka().read(shop.topics().status()).stream()
                .filter(message -> message.key().equals("model/model.shop." + model))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no status of " + model))
                .value();
        return EventJson.read(ModelStatus.class, value);
    }
}
