package dev.landfall.template;

import dev.landfall.jinja.Python;
import dev.landfall.project.ColumnDoc;
import dev.landfall.project.ModelConfig;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** dbt's hash over a contract: over the text that Python makes of its columns and constraints. */
final class ContractChecksum {
    private ContractChecksum() {}

    static String of(Collection<ColumnDoc> columns, List<Object> constraints, ModelConfig config) {
        StringBuilder state = new StringBuilder();
        columns.stream()
                .sorted(Comparator.comparing(ColumnDoc::name))
                .forEach(column -> state.append('|')
                        .append(column.name())
                        .append(column.dataType() == null ? "None" : column.dataType())
                        .append(text("ColumnLevelConstraint", NodeMaps.constraints(column.constraints()))));
        if (config.materialized().equals("table") || config.materialized().equals("incremental")) {
            state.append(config.materialized()).append(text("ModelLevelConstraint", constraints));
        }
        return Checksum.hex(state.toString());
    }

    private static String text(String type, List<Object> constraints) {
        return constraints.stream()
                .map(constraint -> constraint instanceof Map<?, ?> fields ? text(type, fields) : "")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String text(String type, Map<?, ?> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "="
                        + (field.getKey().equals("type")
                                ? "<ConstraintType." + field.getValue() + ": '" + field.getValue() + "'>"
                                : Python.repr(field.getValue())))
                .collect(Collectors.joining(", ", type + "(", ")"));
    }
}
