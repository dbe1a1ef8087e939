package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.landfall.event.EventJson;
import dev.landfall.event.LaneStatus;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.ModelTested;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.event.ServiceStatus;
import dev.landfall.project.StreamName;
import dev.landfall.run.LanePosition;
import dev.landfall.run.RunResult;
import dev.landfall.run.StreamRunner;
import dev.landfall.runner.LandfallHealth;
import dev.landfall.service.Engine;
import dev.landfall.testing.KafkaFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** What core-runner does on any broker, with a lake in a directory and a real DuckDB file. */
abstract class CoreRunnerContract {
    private static final String ROWS = "select id, name from int_things order by id";

    @TempDir
    private Path directory;

    private Workshop shop;

    abstract KafkaFixture kafka();

    @BeforeEach
    void open() {
        shop = new Workshop(kafka(), directory);
        shop.stream("things");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void appliesWhatLandsAndTellsIt() throws Exception {
        ConfigurableApplicationContext core = shop.start();

        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
        long last = shop.land("things", 16, "a.parquet", 1, "uno");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 uno"));
        Workshop.await(() -> assertThat(committed("things")).isEqualTo(last + 1));
        List<ModelMaterialized> events = shop.materialized();
        assertThat(events)
                .extracting(ModelMaterialized::model, ModelMaterialized::layer, ModelMaterialized::stream)
                .containsOnly(tuple("model.shop.int_things", "core", "shop.things"));
        assertThat(events).last().satisfies(event -> {
            assertThat(event.rowsTotal()).isEqualTo(1);
            assertThat(event.filesRead()).isEqualTo(1);
            assertThat(event.filesTotal()).isEqualTo(2);
        });
        assertThat(shop.failed()).isEmpty();
    }

    @Test
    void sendsWhatIsNoLandingToTheDeadLettersAndGoesOn() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        String topic = shop.topics().landed("shop", "things");
        kafka().createTopic(topic);
        kafka().send(topic, "year=2026", "this is not JSON");
        long last = shop.land("things", 15, "a.parquet", 1, "one");

        List<ConsumerRecord<String, String>> dead = deadLetters(1);

        assertThat(dead).hasSize(1);
        assertThat(dead.get(0).value()).isEqualTo("this is not JSON");
        assertThat(dead.get(0).key()).isEqualTo("year=2026");
        assertThat(header(dead.get(0), "kafka_dlt-original-topic")).isEqualTo(topic);
        assertThat(header(dead.get(0), "kafka_dlt-exception-message")).contains("not a dev.landfall.partition-landed");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
        Workshop.await(() -> assertThat(committed("things")).isEqualTo(last + 1));
    }

    @Test
    void leavesOutAFileThatIsNoParquetAndAppliesTheRest() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        shop.landGarbage("things", 15, "b.parquet");
        shop.land("things", 15, "c.parquet", 3, "three");

        List<ConsumerRecord<String, String>> dead = deadLetters(1);

        assertThat(header(dead.get(0), "landfall-file")).endsWith("day=15/b.parquet");
        assertThat(header(dead.get(0), "landfall-model")).isEqualTo("model.shop.int_things");
        assertThat(dead.get(0).value()).contains("\"stream\":\"things\"").contains("b.parquet");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one", "3 three"));
    }

    @Test
    void retriesAndDropsAllThatIsLeftOutWhereNoFileIsNamed() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).hasSize(1));
        shop.landGarbage("things", 16, "b.parquet");
        shop.landGarbage("things", 17, "c.parquet");
        deadLetters(2);
        shop.query(core, "delete from int_things");

        ask(RunRequested.RETRY, List.of(), false);
        Workshop.await(() -> assertThat(request(RunRequested.RETRY).state()).isEqualTo("failed"));
        assertThat(request(RunRequested.RETRY).total()).isEqualTo(2);
        assertThat(request(RunRequested.RETRY).message()).contains("leaves out 2 files");
        ask(RunRequested.DROP, List.of(), false);
        Workshop.await(() -> assertThat(request(RunRequested.DROP).message()).isEqualTo("2 dropped"));

        assertThat(rows(core)).as("the good landing is not replayed").isEmpty();
    }

    @Test
    void keepsALandingOutThatAGateRefusesAndTellsWhatOtherTestsFind() throws Exception {
        shop.write("models/schema.yml", """
                models:
                  - name: int_things
                    columns:
                      - {name: id, data_tests: [not_null: {config: {meta: {landfall: {gate: true}}}}]}
                      - {name: name, data_tests: [not_null]}
                """);
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).hasSize(1));
        shop.land("things", 16, "a.parquet", row("null", "'nobody'"));
        shop.land("things", 17, "a.parquet", row("3", "null"));

        List<ConsumerRecord<String, String>> dead = deadLetters(1);

        assertThat(header(dead.get(0), "landfall-file")).endsWith("day=16/a.parquet");
        assertThat(header(dead.get(0), "kafka_dlt-exception-message"))
                .contains("not_null_int_things_id found 1 failing rows", "{id=null}");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one", "3 null"));
        Workshop.await(() -> assertThat(shop.events(shop.topics().tested(), ModelTested.class))
                .last()
                .satisfies(tested -> assertThat(tested.tests())
                        .containsExactly(new ModelTested.Verdict(
                                "not_null_int_things_name", "fail", 1L, "Got 1 result, configured to fail if != 0"))));
        Workshop.await(() -> assertThat(
                        status("model/model.shop.int_things", ModelStatus.class).note())
                .contains("not_null_int_things_name (1 rows, fail)"));
    }

    private static String row(String id, String name) {
        return "select " + id + "::bigint as id, " + name
                + "::varchar as name, timestamp '2026-01-20 08:00:00' as _airbyte_extracted_at";
    }

    @Test
    void doesNotHoldAModelBackForASiblingThatIsBrokenAndHealsWhenItIsMended() throws Exception {
        shop.model("things", "int_broken", "id, no_such_column");
        ConfigurableApplicationContext core = shop.start();

        long last = shop.land("things", 15, "a.parquet", 1, "one");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
        Workshop.await(() -> assertThat(shop.failed())
                .anySatisfy(failure ->
                        assertThat(failure.error()).contains("int_broken").contains("no_such_column")));
        Workshop.await(() -> assertThat(committed("things")).isEqualTo(last + 1));
        assertThat(shop.failed()).extracting(ModelFailed::model).containsOnly("model.shop.int_broken");

        shop.model("things", "int_broken", "id, name as label");
        Workshop.await(() ->
                assertThat(shop.query(core, "select id, label from int_broken")).containsExactly("1 one"));
    }

    @Test
    void staysOnTheLastGoodProjectWhileItsFilesHaveMistakes() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(health(core).getStatus()).isEqualTo(Status.UP));

        shop.write("models/int_odd.sql", "select * from {{ ref('nowhere') }}");
        Workshop.await(() -> {
            assertThat(health(core).getStatus()).isEqualTo(Status.DOWN);
            assertThat(String.valueOf(health(core).getDetails().get("project")))
                    .contains("models/int_odd.sql")
                    .contains("nowhere");
        });
        shop.land("things", 16, "a.parquet", 2, "two");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one", "2 two"));

        shop.delete("models/int_odd.sql");
        Workshop.await(() -> assertThat(health(core).getStatus()).isEqualTo(Status.UP));
    }

    @Test
    void waitsForAProjectThatIsBrokenFromTheStart() throws Exception {
        shop.write("dbt_project.yml", "name: [");
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(health(core).getDetails()).containsKey("project"));

        shop.write("dbt_project.yml", "name: shop\nprofile: shop\nmodel-paths: [models]\n");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
    }

    @Test
    void takesUpANewStreamWithoutARestart() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));

        shop.stream("people");
        shop.land("people", 15, "a.parquet", 7, "Ada");

        Workshop.await(() ->
                assertThat(shop.query(core, "select id, name from int_people")).containsExactly("7 Ada"));
    }

    @Test
    void appliesWhatLandedBeforeTheStreamHadAFile() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        long last = shop.land("early", 15, "a.parquet", 7, "bird");
        Workshop.await(() -> assertThat(committed("early")).isEqualTo(last + 1));

        shop.stream("early");

        Workshop.await(() ->
                assertThat(shop.query(core, "select id, name from int_early")).containsExactly("7 bird"));
    }

    @Test
    void givesANewModelAllThatEverLanded() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        for (int day = 1; day <= 5; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }
        Workshop.await(() -> assertThat(rows(core)).hasSize(5));

        shop.model("things", "int_labels", "id, upper(name) as label, _airbyte_extracted_at");

        Workshop.await(() -> assertThat(shop.query(core, "select label from int_labels order by id"))
                .containsExactly("DAY 1", "DAY 2", "DAY 3", "DAY 4", "DAY 5"));
    }

    @Test
    void losesNothingOverARestartNorWithTheWarehouse() throws Exception {
        ConfigurableApplicationContext first = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(first)).containsExactly("1 one"));
        shop.stop(first);
        shop.land("things", 16, "a.parquet", 2, "two");

        ConfigurableApplicationContext second = shop.start();
        Workshop.await(() -> assertThat(rows(second)).containsExactly("1 one", "2 two"));
        shop.stop(second);
        shop.delete("shop.duckdb");

        ConfigurableApplicationContext third = shop.start();
        Workshop.await(() -> assertThat(rows(third)).containsExactly("1 one", "2 two"));
    }

    @Test
    void tellsOfWhatAnotherRunnerCommittedAndNeverToldWhenItTakesOver() {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(shop.materialized()).hasSize(1));
        MessageListenerContainer listener = Objects.requireNonNull(core.getBean(KafkaListenerEndpointRegistry.class)
                .getListenerContainer(PartitionLandedListener.LISTENER));

        listener.stop();
        long offset = shop.land("things", 16, "a.parquet", 2, "two");
        StreamRunner other = core.getBean(Engine.class).streams();
        StreamName stream = new StreamName("shop", "things");
        other.apply(
                stream,
                List.of(shop.landing("things", 16)),
                new LanePosition(other.takeLane(stream), offset, offset),
                false);
        listener.start();

        Workshop.await(() -> assertThat(shop.materialized())
                .last()
                .satisfies(event -> assertThat(event.rowsTotal()).isEqualTo(2)));
        assertThat(shop.query(core, "select count(*) from _landfall.runs")).containsExactly("2");
    }

    @Test
    void sendsTheDeadLetterThatAnotherRunnerDidNotGetToSend() {
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(shop.materialized()).hasSize(1));
        MessageListenerContainer listener = Objects.requireNonNull(core.getBean(KafkaListenerEndpointRegistry.class)
                .getListenerContainer(PartitionLandedListener.LISTENER));

        listener.stop();
        shop.landGarbage("things", 16, "a.parquet");
        StreamRunner other = core.getBean(Engine.class).streams();
        StreamName stream = new StreamName("shop", "things");
        List<RunResult> results = other.apply(
                stream, List.of(shop.landing("things", 16)), new LanePosition(other.takeLane(stream), 1, 1), false);
        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(result.deadLettered()).hasSize(1));
        listener.start();
        assertThat(header(deadLetters(1).get(0), "landfall-file")).endsWith("day=16/a.parquet");

        listener.stop();
        listener.start();
        shop.landGarbage("things", 17, "a.parquet");
        assertThat(deadLetters(2))
                .extracting(letter -> header(letter, "landfall-file"))
                .as("none of them twice")
                .hasSize(2)
                .doesNotHaveDuplicates();
    }

    @Test
    void doesNotLetASlowStreamDelayAnother() throws Exception {
        shop.stream("slow");
        shop.write("models/int_slow.sql", """
                {{ config(tags=['shop__slow'], materialized='table') }}
                select id, (select sum(sqrt(a.range + b.range)) from range(1000000) a, range(1000000) b) as name
                from read_parquet('s3://landing/raw/shop/slow/**/*', hive_partitioning=true)
                """);
        shop.set("landfall.core.drain", "100ms");
        shop.set("spring.kafka.consumer.properties.max.poll.interval.ms", "5000");
        shop.set("spring.kafka.consumer.max-poll-records", "10");
        ConfigurableApplicationContext core = shop.start();
        shop.land("slow", 15, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(lane("shop.slow").state()).isIn("running", "catching-up"));
        long begun = System.nanoTime();

        for (int day = 1; day <= 3; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }

        Workshop.await(() -> assertThat(rows(core)).hasSize(3));
        Thread.sleep(Math.max(0, 6_000 - (System.nanoTime() - begun) / 1_000_000));
        assertThat(lane("shop.slow").state())
                .as("longer than max.poll.interval.ms")
                .isIn("running", "catching-up");
        shop.land("things", 4, "a.parquet", 4, "day 4");
        Workshop.await(() -> assertThat(rows(core)).hasSize(4));
        assertThat(shop.query(core, "select distinct epoch from _landfall.lanes"))
                .as("no rebalance took a lane away")
                .containsExactly("1");
        StreamLanes lanes = core.getBean(StreamLanes.class);
        Workshop.await(() -> assertThat(lanes.running()).as("things told of").isOne());
        shop.stop(core);
        Workshop.await(() -> assertThat(lanes.running())
                .as("a run that does not end in time is cancelled")
                .isZero());
    }

    @Test
    void letsFreshLandingsGoBeforeTheRestOfAFullRefresh() throws Exception {
        shop.set("landfall.core.max-batch-bytes", "1B");
        ConfigurableApplicationContext core = shop.start();
        for (int day = 1; day <= 25; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }
        Workshop.await(() -> assertThat(rows(core)).hasSize(25));

        // Once more where the whole refresh was over before this test got to land anything.
        for (int day = 26, tries = 1; ; day++, tries++) {
            String refresh = "refresh-" + tries;
            int fresh = day;
            ask(refresh, List.of(), true);
            Workshop.await(() -> assertThat(request(refresh).state()).isIn("running", "done"));
            shop.land("things", fresh, "a.parquet", fresh, "fresh");
            Workshop.await(() -> assertThat(rows(core)).contains(fresh + " fresh"));
            boolean goesOn = request(refresh).state().equals("running");
            Workshop.await(() -> assertThat(request(refresh).state()).isEqualTo("done"));
            if (!goesOn && tries < 5) {
                continue;
            }

            assertThat(goesOn).as("the refresh goes on after the fresh landing").isTrue();
            assertThat(request(refresh).done()).isEqualTo(fresh - 1);
            assertThat(rows(core)).hasSize(fresh).contains(fresh + " fresh");
            assertThat(shop.materialized()).last().satisfies(event -> {
                assertThat(event.fullRefresh()).isTrue();
                assertThat(event.rowsTotal()).isEqualTo(fresh);
            });
            return;
        }
    }

    @Test
    void goesOnWhileItBuildsAModelAnewWhoseTextChanged() throws Exception {
        shop.set("landfall.core.max-batch-bytes", "1B");
        shop.set("landfall.core.on-model-change", "full_refresh");
        shop.model("things", "int_labels", "id, upper(name) as label, _airbyte_extracted_at");
        ConfigurableApplicationContext core = shop.start();
        for (int day = 1; day <= 20; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }
        Workshop.await(() -> assertThat(rows(core)).hasSize(20));

        shop.model("things", "int_things", "id, name || '!' as name, _airbyte_extracted_at");
        Workshop.await(() -> assertThat(
                        status("model/model.shop.int_things", ModelStatus.class).note())
                .contains("model changed"));
        for (int day = 21; day < 25; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }
        long last = shop.land("things", 25, "a.parquet", 25, "day 25");

        Workshop.await(() -> assertThat(rows(core)).hasSize(25).allMatch(row -> row.endsWith("!")));
        Workshop.await(() -> assertThat(committed("things")).isEqualTo(last + 1));
        assertThat(shop.query(core, "select count(*) from int_labels")).containsExactly("25");
        assertThat(shop.query(core, "select model from _landfall.runs where full_refresh"))
                .containsExactly("model.shop.int_things");
        assertThat(shop.failed()).isEmpty();
    }

    @Test
    void appliesWhatFailedWhenAMacroIsMended() {
        shop.write("macros/label.sql", "{% macro label() %}nothing_here{% endmacro %}");
        shop.model("things", "int_things", "id, {{ label() }} as name, _airbyte_extracted_at");
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 1, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(shop.failed()).hasSize(1));

        shop.write("macros/label.sql", "{% macro label() %}name{% endmacro %}");

        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));
        assertThat(kafka().read(shop.topics().deadLetters())).isEmpty();
    }

    @Test
    void refreshesByWhatWasSavedJustBeforeAndNothingWhileThatHasMistakes() throws Exception {
        shop.set("landfall.project-poll", "10m");
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 1, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 one"));

        shop.model("things", "int_things", "id, name || '!' as name, _airbyte_extracted_at");
        ask("refresh", List.of(), true);

        Workshop.await(() -> assertThat(request("refresh").state()).isEqualTo("done"));
        assertThat(rows(core)).containsExactly("1 one!");

        shop.write("models/int_things.sql", "select * from {{ ref('no_such_model') }}");
        ask("mistaken", List.of(), true);
        Workshop.await(() -> assertThat(request("mistaken").state()).isEqualTo("failed"));
        assertThat(request("mistaken").message()).contains("models/int_things.sql", "no_such_model");
    }

    @Test
    void replaysAndRefreshesOnRequest() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        for (int day = 1; day <= 3; day++) {
            shop.land("things", day, "a.parquet", day, "day " + day);
        }
        Workshop.await(() -> assertThat(rows(core)).hasSize(3));

        shop.query(core, "delete from int_things where id <> 3");
        kafka().send(shop.topics().runRequests(), "poison", "this is not JSON");
        ask("replay", List.of("year=2026/month=01/day=01"), false);
        Workshop.await(() -> assertThat(rows(core)).containsExactly("1 day 1", "3 day 3"));
        Workshop.await(() -> assertThat(request("replay").state()).isEqualTo("done"));
        assertThat(request("replay").total()).isEqualTo(1);

        ask("full-refresh", List.of(), true);
        Workshop.await(() -> assertThat(request("full-refresh").state()).isEqualTo("done"));
        assertThat(rows(core)).containsExactly("1 day 1", "2 day 2", "3 day 3");
    }

    @Test
    void forgetsAFailureThatPassedWhenARequestIsDone() throws Exception {
        shop.set("landfall.warehouse.readable", shop.project());
        shop.write("rates.csv", "rate\n1\n");
        shop.model(
                "things",
                "int_things",
                "id, name, _airbyte_extracted_at, (select rate from read_csv('" + shop.project()
                        + "/rates.csv')) as rate");
        ConfigurableApplicationContext core = shop.start();
        shop.land("things", 1, "a.parquet", 1, "one");
        Workshop.await(() -> assertThat(rows(core)).hasSize(1));

        shop.delete("rates.csv");
        ask("replay", List.of(), false);
        Workshop.await(() -> assertThat(request("replay").state()).isEqualTo("waiting"));
        shop.write("rates.csv", "rate\n1\n");

        Workshop.await(() -> assertThat(request("replay").state()).isIn("done", "failed"));
        assertThat(request("replay").state()).as(request("replay").message()).isEqualTo("done");
    }

    @Test
    void tellsHowItStands() throws Exception {
        ConfigurableApplicationContext core = shop.start();
        long last = shop.land("things", 15, "a.parquet", 1, "one");

        Workshop.await(() -> {
            assertThat(lane("shop.things").appliedOffset()).isEqualTo(last);
            assertThat(lane("shop.things").state()).isEqualTo("idle");
        });
        Workshop.await(() -> {
            ModelStatus model = status("model/model.shop.int_things", ModelStatus.class);
            assertThat(model.state()).isEqualTo("fresh");
            assertThat(model.rows()).isEqualTo(1);
            assertThat(model.filesApplied()).isEqualTo(1);
        });
        shop.stop(core);
        Workshop.await(() -> assertThat(kafka().read(shop.topics().status()))
                .filteredOn(message -> message.key().startsWith("service/core-runner/"))
                .extracting(message ->
                        EventJson.read(ServiceStatus.class, message.value()).state())
                .last()
                .isEqualTo("stopped"));
    }

    @Test
    void saysWhichBucketItMisses() throws Exception {
        shop.set("landfall.lake.bucket", "nowhere");
        ConfigurableApplicationContext core = shop.start();

        Workshop.await(() -> {
            assertThat(String.valueOf(health(core).getDetails().get("lake"))).contains("nowhere");
            assertThat(health(core).getStatus()).isEqualTo(Status.DOWN);
        });
    }

    private List<String> rows(ConfigurableApplicationContext core) {
        return shop.query(core, ROWS);
    }

    private long committed(String stream) {
        return kafka().committed(
                        shop.topics().prefix() + "-core-runner", shop.topics().landed("shop", stream));
    }

    private List<ConsumerRecord<String, String>> deadLetters(int count) {
        return kafka().awaitCount(shop.topics().deadLetters(), count);
    }

    private static String header(ConsumerRecord<String, String> message, String name) {
        return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Health health(ConfigurableApplicationContext core) {
        return Objects.requireNonNull(core.getBean(LandfallHealth.class).health());
    }

    private LaneStatus lane(String stream) throws Exception {
        return status("stream/" + stream, LaneStatus.class);
    }

    private RequestStatus request(String id) throws Exception {
        return status("request/" + id, RequestStatus.class);
    }

    private <T extends Record> T status(String key, Class<T> type) throws Exception {
        Map<String, String> newest = kafka().read(shop.topics().status()).stream()
                .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::value, (a, b) -> b));
        String value = newest.get(key);
        if (value == null) {
            throw new AssertionError("no status of " + key + ", only " + newest.keySet());
        }
        return EventJson.read(type, value);
    }

    private void ask(String cause, List<String> partitions, boolean fullRefresh) {
        RunRequested request = new RunRequested(
                cause, cause, "shop.things", List.of(), partitions, List.of(), fullRefresh, false, Instant.now());
        kafka().send(shop.topics().runRequests(), request.id(), EventJson.write(request));
    }
}
