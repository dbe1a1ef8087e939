package dev.landfall.telemetry;

import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.Seed;
import dev.landfall.project.Snapshot;
import dev.landfall.project.StreamConfig;
import dev.landfall.run.RunResult;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells the lineage of results of runs, with the tables and prefixes that the project names. */
public final class RunLineage implements AutoCloseable {
    private final Lineage lineage;
    private final Supplier<Optional<Project>> project;
    private final Supplier<Warehouse> warehouse;
    private final String bucket;

    /**
     * Tells of one service's runs.
     *
     * @param bucket the bucket of streams that name none
     */
    public RunLineage(
            Lineage lineage, Supplier<Optional<Project>> project, Supplier<Warehouse> warehouse, String bucket) {
        this.lineage = lineage;
        this.project = project;
        this.warehouse = warehouse;
        this.bucket = bucket;
    }

    public void add(RunResult result) {
        if (!lineage.isOn()) {
            return;
        }
        Optional<Project> current = project.get();
        Optional<Model> model = current.flatMap(loaded -> loaded.model(result.model()));
        if (current.isEmpty() || model.isEmpty()) {
            return;
        }
        List<Lineage.Dataset> inputs = inputs(current.get(), model.get());
        if (result instanceof RunResult.Succeeded succeeded && !succeeded.repeated()) {
            Relation relation = model.get().relation();
            lineage.succeeded(succeeded.event(), model.get().rawSql(), inputs, table(relation, columns(relation)));
        } else if (result instanceof RunResult.Failed failed) {
            lineage.failed(failed.event(), model.get().rawSql(), inputs);
        }
    }

    private List<Lineage.Dataset> inputs(Project loaded, Model model) {
        List<Lineage.Dataset> inputs = new ArrayList<>();
        loaded.streamOf(model).flatMap(loaded::stream).map(this::prefix).ifPresent(inputs::add);
        for (String id : model.dependsOn()) {
            Relation relation = relation(loaded, id);
            if (relation != null) {
                inputs.add(table(relation, Map.of()));
            }
        }
        return inputs;
    }

    /** Of a source that is a stream the prefix tells more, and of an ephemeral model there is no table. */
    private static @Nullable Relation relation(Project loaded, String id) {
        Object node = loaded.nodes().get(id);
        if (node instanceof Model model) {
            return model.ephemeral() ? null : model.relation();
        }
        if (node instanceof Seed seed) {
            return seed.relation();
        }
        return node instanceof Snapshot snapshot ? snapshot.relation() : null;
    }

    private Lineage.Dataset prefix(StreamConfig stream) {
        String prefix = stream.prefix();
        return new Lineage.Dataset(
                "s3://" + (stream.bucket() == null ? bucket : stream.bucket()),
                prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
                Map.of());
    }

    private Lineage.Dataset table(Relation relation, Map<String, String> columns) {
        String name = Stream.of(relation.database(), relation.schema(), relation.identifier())
                .filter(part -> part != null)
                .collect(Collectors.joining("."));
        return new Lineage.Dataset("duckdb://" + warehouse.get().location(), name, columns);
    }

    private Map<String, String> columns(Relation relation) {
        Map<String, String> columns = new LinkedHashMap<>();
        try {
            List<ColumnInfo> known = warehouse.get().with("lineage", session -> session.columns(relation));
            known.forEach(column -> columns.put(column.name(), column.type()));
        } catch (WarehouseException untold) {
            return Map.of();
        }
        return columns;
    }

    @Override
    public void close() {
        lineage.close();
    }
}
