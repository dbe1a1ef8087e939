package dev.landfall.standalone;

import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.template.QueryResult;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What models have applied, whether this process can open the warehouse or another one holds it. */
interface Ledgers {
    /** The rows of a query, all values as texts. */
    List<List<String>> query(String sql);

    /**
     * What a model did with a file.
     *
     * @param dead it could not read it
     */
    record Applied(String etag, boolean dead) {}

    /** Of a warehouse that is open to this process. */
    static Ledgers of(Project project) {
        return sql -> {
            try (Warehouse warehouse = Warehouse.open(
                    project.target(), project.directory(), WarehouseSettings.shared("landfall reconcile"))) {
                QueryResult result = warehouse.with("reconcile", session -> session.query(sql));
                return result.rows().stream()
                        .map(row -> row.stream().map(String::valueOf).toList())
                        .toList();
            }
        };
    }

    /** Of the warehouse that {@code landfall up} holds. */
    static Ledgers behind(RunningInstance instance) {
        return sql -> {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            QueryDoor.ask(instance, sql, ResultFormat.JSON, new PrintStream(json, false, StandardCharsets.UTF_8));
            return StreamSupport.stream(
                            JsonMapper.shared()
                                    .readTree(json.toString(StandardCharsets.UTF_8))
                                    .spliterator(),
                            false)
                    .map(row -> row.valueStream().map(JsonNode::asString).toList())
                    .toList();
        };
    }

    /** What a model has applied or set aside, by file key; nothing where no service ever worked. */
    default Map<String, Applied> applied(Project project, Model model) {
        String own = model.relation().database();
        String database = own == null ? project.target().database() : own;
        boolean exists = !query("select table_name from information_schema.tables where table_catalog = "
                        + Relation.literal(database) + " and table_schema = " + Relation.literal(Ledger.SCHEMA)
                        + " and table_name = 'landings'")
                .isEmpty();
        Map<String, Applied> applied = new HashMap<>();
        if (exists) {
            query("select file_key, etag, status from " + Relation.quote(database) + "." + Relation.quote(Ledger.SCHEMA)
                            + ".landings where model = " + Relation.literal(model.uniqueId()))
                    .forEach(row -> applied.put(
                            row.get(0), new Applied(row.get(1), row.get(2).equals("dead"))));
        }
        return applied;
    }
}
