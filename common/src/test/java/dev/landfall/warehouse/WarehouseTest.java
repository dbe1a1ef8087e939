package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Relation;
import dev.landfall.project.Target;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseTest {
    private static final WarehouseSettings EXCLUSIVE = WarehouseSettings.exclusive("test");
    private static final WarehouseSettings SHARED = WarehouseSettings.shared("test");

    @TempDir
    private Path folder;

    @Test
    void sharesAnOpenDatabaseBetweenWarehousesOfOneProcess() {
        Target target = Targets.file("data/wh.duckdb");

        try (Warehouse first = Warehouse.open(target, folder, EXCLUSIVE);
                Warehouse second = Warehouse.open(target, folder, EXCLUSIVE);
                Warehouse third = Warehouse.open(target, folder, SHARED)) {
            first.with("create", session -> session.update("create table t as select 1 as x"));

            assertThat(second.<Long>with("read", session -> session.number("select x from t")))
                    .isEqualTo(1);
            assertThat(third.<Long>with("read", session -> session.number("select x from wh.main.t")))
                    .isEqualTo(1);
        }
    }

    @Test
    void keepsTheDatabaseUntilTheLastWarehouseIsClosed() {
        Target target = Targets.file("wh.duckdb");
        Warehouse first = Warehouse.open(target, folder, EXCLUSIVE);
        Warehouse second = Warehouse.open(target, folder, EXCLUSIVE);

        first.close();
        first.close();

        assertThat(second.<Long>with("read", session -> session.number("select 7")))
                .isEqualTo(7);
        second.close();
        try (Warehouse again = Warehouse.open(target, folder, EXCLUSIVE)) {
            assertThat(again.<Long>with("read", session -> session.number("select 8")))
                    .isEqualTo(8);
        }
    }

    @Test
    void rollsBackAtAnErrorSoThatNothingIsHalfWritten() {
        try (Warehouse warehouse = Warehouse.open(Targets.inMemory(), folder, EXCLUSIVE)) {
            warehouse.with("create", session -> session.update("create table t (x integer)"));

            assertThatThrownBy(() -> warehouse.with("model int_things", session -> {
                        session.begin();
                        session.update("insert into t values (1)");
                        return session.query("select nothing from t");
                    }))
                    .isInstanceOfSatisfying(WarehouseException.class, e -> {
                        assertThat(e.kind()).isEqualTo(Kind.PERMANENT);
                        assertThat(e.sql()).contains("select nothing from t");
                    })
                    .hasMessageStartingWith("model int_things: Binder Error")
                    .hasMessageContaining("nothing");

            assertThat(warehouse.<Long>with("read", session -> session.number("select count(*) from t")))
                    .isZero();
        }
    }

    @Test
    void goesOnWithTheSameSessionAfterAnError() {
        try (Warehouse warehouse = Warehouse.open(Targets.inMemory(), folder, EXCLUSIVE)) {
            long rows = warehouse.with("test", session -> {
                session.begin();
                assertThatThrownBy(() -> session.execute("selec 1")).isInstanceOf(WarehouseException.class);
                assertThat(session.inTransaction()).isFalse();
                session.begin();
                session.update("create table t as select * from range(3)");
                session.commit();
                return session.number("select count(*) from t");
            });

            assertThat(rows).isEqualTo(3);
        }
    }

    @Test
    void rollsBackWhatTheWorkLeavesOpen() {
        try (Warehouse warehouse = Warehouse.open(Targets.inMemory(), folder, EXCLUSIVE)) {
            warehouse.with("test", session -> {
                session.begin();
                return session.update("create table t as select 1 as x");
            });

            assertThat(warehouse.<Boolean>with(
                            "read",
                            session -> session.relationType(new Relation("memory", "main", "t"))
                                    .isPresent()))
                    .isFalse();
        }
    }

    @Test
    void describesRelations() {
        try (Warehouse warehouse = Warehouse.open(Targets.inMemory(), folder, EXCLUSIVE)) {
            warehouse.with("test", session -> {
                session.execute("create table \"Things\" (id bigint, \"Amount\" decimal(10,2));"
                        + "create view v as select 1 as x; create temp table tmp as select 'a' as y");

                assertThat(session.relationType(new Relation("memory", "main", "things")))
                        .contains("table");
                assertThat(session.relationType(new Relation("memory", "main", "v")))
                        .contains("view");
                assertThat(session.relationType(new Relation("memory", "main", "none")))
                        .isEmpty();
                assertThat(session.columns(new Relation("memory", "main", "THINGS")))
                        .containsExactly(new ColumnInfo("id", "BIGINT"), new ColumnInfo("Amount", "DECIMAL(10,2)"));
                assertThat(session.columns(new Relation(null, null, "tmp")))
                        .containsExactly(new ColumnInfo("y", "VARCHAR"));
                assertThat(session.relations("memory", "main"))
                        .extracting(Relation::identifier)
                        .containsExactly("Things", "v");
                return true;
            });
        }
    }

    @Test
    void knowsWhatIsThereWithinATransactionAndOutside() {
        try (Warehouse warehouse = Warehouse.open(Targets.inMemory(), folder, EXCLUSIVE)) {
            warehouse.with("test", session -> {
                session.execute("create table gone (x integer); create view broken as select * from gone;"
                        + "drop table gone; create table \"Here\" (x integer, y struct(a decimal(9, 2)))");
                Relation here = new Relation("memory", "main", "here");
                Relation broken = new Relation("memory", "main", "broken");
                Relation temporary = new Relation(null, null, "here");

                for (boolean within : List.of(false, true)) {
                    if (within) {
                        session.begin();
                    }
                    assertThat(session.relationType(here)).contains("table");
                    assertThat(session.relationType(broken)).contains("view");
                    assertThat(session.relationType(temporary)).isEmpty();
                    assertThat(session.relationType(new Relation("elsewhere", "main", "here")))
                            .isEmpty();
                    assertThat(session.relationType(new Relation("memory", "nowhere", "here")))
                            .isEmpty();
                    assertThat(session.relationTypes(List.of(temporary, broken, here)))
                            .containsExactly(Map.entry(broken, "view"), Map.entry(here, "table"));
                    assertThat(session.describe(here)).isEqualTo(session.columns(here));
                }
                return true;
            });
        }
    }

    @Test
    void appliesTheProjectsSettingsToEveryConnection() {
        Target target = Targets.withSettings("wh.duckdb", Map.of("default_null_order", "nulls_first"));
        try (Warehouse warehouse = Warehouse.open(target, folder, EXCLUSIVE.withMemoryLimit("300MB"))) {
            List<Object> values = warehouse.with(
                    "read",
                    session -> List.<Object>copyOf(session
                            .query(
                                    "select current_setting('default_null_order')::varchar, current_setting('memory_limit')")
                            .rows()
                            .get(0)
                            .stream()
                            .map(String::valueOf)
                            .toList()));

            assertThat(values.get(0).toString()).isEqualToIgnoringCase("nulls_first");
            assertThat(values.get(1)).isEqualTo("286.1 MiB");
        }
    }

    @Test
    void tellsWhatMayPassFromWhatMayNot() {
        assertThat(WarehouseException.classify("IO Error: Could not set lock on file \"x\""))
                .isEqualTo(Kind.RETRYABLE);
        assertThat(WarehouseException.classify("TransactionContext Error: Conflict on tuple deletion!"))
                .isEqualTo(Kind.RETRYABLE);
        assertThat(WarehouseException.classify("Out of Memory Error: failed to offload data block"))
                .isEqualTo(Kind.RETRYABLE);
        assertThat(WarehouseException.classify("Invalid Input Error: No magic bytes found at end of file 'x'"))
                .isEqualTo(Kind.UNREADABLE_FILE);
        assertThat(WarehouseException.classify("Conversion Error: Could not convert string 'x' to INT32"))
                .isEqualTo(Kind.PERMANENT);
    }

    @Test
    void namesThePathsInAMessage() {
        WarehouseException e = WarehouseException.of(
                "model x", "", new IllegalStateException("No magic bytes found at end of file '/lake/a=1/b.parquet'"));

        assertThat(e.paths()).containsExactly("/lake/a=1/b.parquet");
    }

    @Test
    void letsOthersInWhenAThreadHasHadItsHold() throws Exception {
        WarehouseSettings brief =
                new WarehouseSettings(true, "test", Duration.ofMillis(200), Duration.ofMillis(1), null, null);
        Target target = Targets.file("wh.duckdb");
        try (Warehouse warehouse = Warehouse.open(target, folder, brief)) {
            String message = warehouse.with("long", session -> {
                try {
                    Thread.sleep(20);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return failureOf(() -> warehouse.with("late", late -> late.number("select 1")));
            });

            assertThat(message).contains("no turn at the warehouse").contains("lock-timeout");
            assertThat(warehouse.<Long>with("after", session -> session.number("select 1")))
                    .isEqualTo(1);
        }
    }

    private static String failureOf(Runnable work) {
        try {
            work.run();
            return "";
        } catch (WarehouseException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
