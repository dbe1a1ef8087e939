package dev.landfall.standalone.demo;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.landfall.project.Target;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables made by the check's own SQL are equal to it; each way of spoiling one of them must be told. */
class IndependentCheckTest {
    @TempDir
    static Path directory;

    private static final Warehouse warehouse =
            Warehouse.open(inMemory(), Path.of("."), WarehouseSettings.exclusive("test"));

    @BeforeAll
    static void landsEverythingAndBuildsTheTables() throws IOException {
        for (Sync sync : SampleData.generate(directory.resolve("syncs"), 1)) {
            for (SampleFile file : sync.files()) {
                Path landed = directory.resolve("lake").resolve(file.key());
                Files.createDirectories(landed.getParent());
                Files.copy(file.local(), landed);
            }
        }
        execute("create schema kept");
        warehouse.with("the tables", session -> {
            try {
                IndependentCheck.build(session, "kept", raw());
                return true;
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        });
    }

    @BeforeEach
    void restoresTheTables() {
        IndependentCheck.TABLES.forEach(
                table -> execute("create or replace table " + table + " as from kept." + table));
    }

    @AfterAll
    static void closes() {
        warehouse.close();
    }

    @Test
    void findsEqualTablesEqual() {
        List<TableCheck> checks = check();

        assertThat(checks).extracting(TableCheck::table).containsExactlyElementsOf(IndependentCheck.TABLES);
        assertThat(checks).allSatisfy(check -> {
            assertThat(check.differences()).isEmpty();
            assertThat(check.rows()).isPositive().isEqualTo(check.found());
        });
    }

    @Test
    void tellsEachTableThatDiffersAndHow() {
        execute("update fct_sales set returns = returns + 1, net_sales = net_sales - 1 where order_id = 5000000001");
        execute("delete from int_klaviyo__flows where flow_id = 'Fcart'");
        execute("insert into int_shopify__customers from int_shopify__customers where customer_id = 7000000001");
        execute("alter table int_shopify__order_refunds alter cash_pending type double");
        execute("alter table int_klaviyo__events drop subject");
        execute("drop table int_klaviyo__lists");

        Map<String, List<String>> differences = check().stream()
                .filter(check -> !check.equal())
                .collect(toMap(TableCheck::table, TableCheck::differences));

        assertThat(differences)
                .containsOnly(
                        entry(
                                "fct_sales",
                                List.of(
                                        "1 expected rows are not there, 1 rows are not expected",
                                        "order_id 5000000001: returns is 120.99, expected 119.99,"
                                                + " net_sales is 49.00, expected 50.00")),
                        entry(
                                "int_klaviyo__flows",
                                List.of(
                                        "1 expected rows are not there, 0 rows are not expected",
                                        "flow_id Fcart: not there")),
                        entry(
                                "int_shopify__customers",
                                List.of(
                                        "0 expected rows are not there, 1 rows are not expected",
                                        "customer_id 7000000001: not expected")),
                        entry(
                                "int_shopify__order_refunds",
                                List.of("column cash_pending is DOUBLE, expected DECIMAL(18,2)")),
                        entry("int_klaviyo__events", List.of("column subject is missing")),
                        entry("int_klaviyo__lists", List.of("the table is missing")));
    }

    @Test
    void leavesNothingBehind() {
        List<List<@Nullable Object>> left = warehouse.with("the check", session -> {
            check(session, raw());
            return session.query("select table_name from duckdb_tables() where temporary union all"
                            + " select view_name from duckdb_views() where temporary and not internal")
                    .rows();
        });

        assertThat(left).isEmpty();
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatThrownBy(() -> warehouse.with("the check", session -> check(session, directory.resolve("nowhere"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere is not a folder");
    }

    private List<TableCheck> check() {
        return warehouse.with("the check", session -> check(session, raw()));
    }

    private static List<TableCheck> check(Session session, Path raw) {
        try {
            return IndependentCheck.run(session, "main", raw);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static Path raw() {
        return directory.resolve("lake/raw");
    }

    private static void execute(String sql) {
        warehouse.with("a change", session -> {
            session.execute(sql);
            return true;
        });
    }

    private static Target inMemory() {
        return new Target(
                "test",
                "dev",
                ":memory:",
                "memory",
                "main",
                2,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                false,
                false,
                ".",
                Target.Retries.NONE,
                Map.of());
    }
}
