package dev.landfall.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.graph.ModelGraph;
import dev.landfall.project.DataTest;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.template.CompiledModel;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.template.RenderRequest;
import dev.landfall.template.TemplateRenderer;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project in {@code models/}: each model's query over everything that landed, against the independent check. */
class ShippedProjectTest {
    private static final Path MODELS = Path.of("..", "models").toAbsolutePath().normalize();

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static Project project;

    @SuppressWarnings("NullAway.Init")
    private static Warehouse warehouse;

    @BeforeAll
    static void landsEverythingAndBuildsEveryModel() throws Exception {
        for (Sync sync : SampleData.generate(directory.resolve("syncs"), 1)) {
            for (SampleFile file : sync.files()) {
                Path landed = directory.resolve("lake").resolve(file.key());
                Files.createDirectories(landed.getParent());
                Files.copy(file.local(), landed);
            }
        }
        project = load();
        warehouse = open();
        build("main");
    }

    @AfterAll
    static void closes() {
        warehouse.close();
    }

    @Test
    void hasNineStreamsEachWithAModel() {
        assertThat(project.streams()).hasSize(9).allSatisfy(stream -> {
            assertThat(project.modelsOf(stream.name())).isNotEmpty();
            assertThat(stream.primaryKey()).containsExactly(List.of("id"));
            assertThat(stream.cursorField()).hasSize(1);
            assertThat(stream.prefix()).isEqualTo("raw/" + stream.name().source() + "/" + stream.name().stream() + "/");
        });
        assertThat(project.marts()).extracting(Model::name).containsExactly("fct_sales");
        assertThat(project.warnings()).isEmpty();
    }

    @Test
    void givesTheTablesThatTheIndependentCheckExpects() {
        List<TableCheck> checks = warehouse.with("the check", session -> {
            try {
                return IndependentCheck.run(session, "main", directory.resolve("lake/raw"));
            } catch (IOException problem) {
                throw new IllegalStateException(problem);
            }
        });

        assertThat(checks)
                .allSatisfy(check ->
                        assertThat(check.differences()).as(check.table()).isEmpty());
    }

    @Test
    void describesEveryModelAndColumn() {
        for (Model model : project.models()) {
            List<String> columns = warehouse.with(
                    model.name(),
                    session -> session.columns(model.relation()).stream()
                            .map(column -> column.name())
                            .toList());

            assertThat(model.definition().description()).as(model.name()).isNotBlank();
            assertThat(model.definition().columns().keySet())
                    .as(model.name())
                    .containsExactlyInAnyOrderElementsOf(columns);
        }
    }

    @Test
    void passesItsOwnTests() {
        TemplateRenderer renderer = new TemplateRenderer(project);
        List<DataTest> tests = project.nodes().values().stream()
                .filter(DataTest.class::isInstance)
                .map(DataTest.class::cast)
                .toList();

        assertThat(tests).hasSizeGreaterThan(100);
        warehouse.with("tests", session -> {
            for (DataTest test : tests) {
                String sql = renderer.compile(test, request(session, false, Map.of()))
                        .verdictSql();
                assertThat(String.valueOf(session.query(sql).rows().get(0).get(0)))
                        .as(test.name())
                        .isEqualTo("0");
            }
            return true;
        });
    }

    @Test
    void readsTheSameFromJsonTextAsFromStructs() {
        warehouse.with("JSON text", session -> {
            session.execute("create schema text");
            for (Model model : inOrder()) {
                if (!project.marts().contains(model)) {
                    String sql = compile(session, model, false, Map.of()).sql();
                    session.execute("create table text." + model.name() + " as " + overText(session, sql));
                    assertThat(session.query("(from text." + model.name() + " except all from main." + model.name()
                                            + ") union all (from main." + model.name() + " except all from text."
                                            + model.name() + ")")
                                    .rows())
                            .as(model.name())
                            .isEmpty();
                }
            }
            return true;
        });
    }

    @Test
    void keepsDuckDbsPlanForTheNewestVersion() {
        warehouse.with("plans", session -> {
            for (Model model : inOrder()) {
                if (!project.marts().contains(model)) {
                    String plan = String.valueOf(session.query("explain "
                                    + compile(session, model, false, Map.of()).sql())
                            .rows()
                            .get(0)
                            .get(1));
                    assertThat(plan).as(model.name()).contains("SEMI").doesNotContain("WINDOW");
                }
            }
            return true;
        });
    }

    @Test
    void goesOnFromItsNewestPartitionOverTheEndsOfMonthAndYear() {
        Model orders = project.model("int_shopify__orders").orElseThrow();
        warehouse.with("watermark", session -> {
            session.execute("create schema mark");
            session.execute("create table mark.kept as from main.int_shopify__orders");
            session.execute("delete from main.int_shopify__orders where year = '2026' or month = '12' and day = '31'");

            String sql = compile(session, orders, true, Map.of()).sql();

            session.execute("delete from main.int_shopify__orders");
            session.execute("insert into main.int_shopify__orders from mark.kept");
            assertThat(sql).contains("(year || '-' || month || '-' || day >= '2025-12-01')");
            assertThat(session.query("select count(distinct year || month || day) from (" + sql + ")")
                            .rows()
                            .get(0)
                            .get(0)
                            .toString())
                    .isEqualTo("4");
            return true;
        });
    }

    @Test
    void readsOnlyThePartitionsThatLanded() {
        Model flows = project.model("int_klaviyo__flows").orElseThrow();
        List<Map<String, Object>> landed = List.of(partition("2025", "12", "01"), partition(2026, 1, 1));

        CompiledModel compiled =
                warehouse.with("landed", session -> compile(session, flows, true, Map.of("landed_partitions", landed)));

        assertThat(compiled.sql()).contains("'2025-12-01', '2026-01-01'");
        assertThat(compiled.landingAware()).isTrue();
    }

    private static Map<String, Object> partition(Object year, Object month, Object day) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("year", year);
        keys.put("month", month);
        keys.put("day", day);
        return keys;
    }

    private static void build(String schema) {
        warehouse.with("the build", session -> {
            for (Model model : inOrder()) {
                session.execute("create table " + schema + "." + model.name() + " as ("
                        + compile(session, model, false, Map.of()).sql() + ")");
            }
            return true;
        });
    }

    private static List<Model> inOrder() {
        List<Model> models = new ArrayList<>();
        for (String id : ModelGraph.of(project).order()) {
            project.model(id).ifPresent(models::add);
        }
        return models;
    }

    private static CompiledModel compile(Session session, Model model, boolean incremental, Map<String, Object> vars) {
        return new TemplateRenderer(project).compile(model, request(session, incremental, vars));
    }

    private static RenderRequest request(Session session, boolean incremental, Map<String, Object> vars) {
        return new RenderRequest(session, incremental, false, new LinkedHashMap<>(vars));
    }

    /** Points the query at the same records with every object and list as JSON text, and dashes in the names. */
    private static String overText(Session session, String sql) {
        int from = sql.indexOf("read_parquet(");
        String scan = sql.substring(from, sql.indexOf(')', from) + 1);
        List<String> columns = new ArrayList<>();
        session.query("select column_name, column_type from (describe from " + scan + ")")
                .rows()
                .forEach(row -> {
                    String name = "\"" + row.get(0) + "\"";
                    String type = String.valueOf(row.get(1));
                    columns.add(
                            type.startsWith("STRUCT") || type.endsWith("[]")
                                    ? "replace(replace(" + name + "::json::varchar, 'campaign_messages',"
                                            + " 'campaign-messages'), 'flow_actions', 'flow-actions') as " + name
                                    : name);
                });
        return sql.replace(scan, "(select " + String.join(", ", columns) + " from " + scan + ")");
    }

    private static Warehouse open() {
        return Warehouse.open(project.target(), MODELS, WarehouseSettings.exclusive("test"));
    }

    private static Project load() throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(
                MODELS,
                MODELS,
                "dev",
                Map.of(),
                Map.of(
                        "LANDFALL_RAW",
                        directory.resolve("lake/raw").toString(),
                        "LANDFALL_WAREHOUSE_FILE",
                        ":memory:")));
    }
}
