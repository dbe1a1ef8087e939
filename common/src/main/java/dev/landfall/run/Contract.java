package dev.landfall.run;

import dev.landfall.project.ColumnDoc;
import dev.landfall.project.Hook;
import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import dev.landfall.template.ColumnInfo;
import dev.landfall.warehouse.Session;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An enforced contract: the columns that a model's table must have, and the constraints that DuckDB holds it to. */
final class Contract {
    private final Session session;
    private final Model model;
    private final Materializer.Frame frame;
    private final Collection<ColumnDoc> columns;

    Contract(Session session, Model model, Materializer.Frame frame) {
        this.session = session;
        this.model = model;
        this.frame = frame;
        this.columns = model.definition().columns().values();
    }

    /** Refuses a query that gives other columns than the contract has. */
    void check(String sql) {
        if (columns.isEmpty()) {
            throw fault("This model has an enforced contract, and its 'columns' specification is missing");
        }
        List<String> untyped = columns.stream()
                .filter(column -> column.dataType() == null)
                .map(ColumnDoc::name)
                .toList();
        if (!untyped.isEmpty()) {
            throw fault("Contracted models require data_type to be defined for each column. Please ensure that the"
                    + " column name and data_type are defined within the YAML configuration for the " + untyped
                    + " column(s).");
        }
        List<ColumnInfo> given = session.describe("select * from (\n" + sql + "\n) sbq");
        List<ColumnInfo> agreed = session.describe("select "
                + columns.stream()
                        .map(column -> "cast(null as " + column.dataType() + ") as " + Relation.quote(column.name()))
                        .collect(Collectors.joining(", ")));
        List<String> differences = differences(given, agreed);
        if (!differences.isEmpty()) {
            throw fault(
                    "This model has an enforced contract that failed.\nPlease ensure the name, data_type, and number"
                            + " of columns in your contract match the columns in your model's definition.\n\n"
                            + "| column_name | definition_type | contract_type | mismatch_reason |\n"
                            + String.join("\n", differences));
        }
    }

    private static List<String> differences(List<ColumnInfo> given, List<ColumnInfo> agreed) {
        List<String> differences = new ArrayList<>();
        for (ColumnInfo column : given) {
            Optional<ColumnInfo> twin = named(agreed, column.name());
            if (twin.isEmpty()) {
                differences.add(line(column.name(), column.type(), "", "missing in contract"));
            } else if (!twin.get().type().equals(column.type())) {
                differences.add(line(column.name(), column.type(), twin.get().type(), "data type mismatch"));
            }
        }
        agreed.stream()
                .filter(column -> named(given, column.name()).isEmpty())
                .forEach(column -> differences.add(line(column.name(), "", column.type(), "missing in definition")));
        return differences;
    }

    private static Optional<ColumnInfo> named(List<ColumnInfo> columns, String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    private static String line(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** The columns and constraints of the table, as {@code CREATE TABLE} has them. */
    String definition() {
        List<String> parts = new ArrayList<>();
        for (ColumnDoc column : columns) {
            StringBuilder part = new StringBuilder(name(column) + " " + column.dataType());
            column.constraints()
                    .forEach(constraint -> ofColumn(constraint)
                            .ifPresent(text -> part.append(' ').append(text)));
            parts.add(part.toString());
        }
        if (model.config().get("constraints") instanceof List<?> constraints) {
            constraints.forEach(constraint -> ofModel(constraint).ifPresent(parts::add));
        }
        return String.join(", ", parts);
    }

    /** The names of the columns, in the contract's order. */
    String names() {
        return columns.stream().map(Contract::name).collect(Collectors.joining(", "));
    }

    private static String name(ColumnDoc column) {
        return column.quote() ? Relation.quote(column.name()) : column.name();
    }

    private Optional<String> ofColumn(Map<String, @Nullable Object> constraint) {
        String expression = text(constraint, "expression");
        String more = expression.isEmpty() ? "" : " " + expression;
        return switch (text(constraint, "type")) {
            case "check" -> when(expression, "check (" + expression + ")");
            case "not_null" -> Optional.of("not null" + more);
            case "unique" -> Optional.of("unique" + more);
            case "primary_key" -> Optional.of("primary key" + more);
            case "foreign_key" -> referenced(constraint, expression);
            case "custom" -> when(expression, expression);
            default -> throw unknown(constraint);
        };
    }

    private Optional<String> ofModel(@Nullable Object written) {
        Map<String, @Nullable Object> constraint = new LinkedHashMap<>();
        if (written instanceof Map<?, ?> map) {
            map.forEach((key, value) -> constraint.put(String.valueOf(key), value));
        }
        String name = text(constraint, "name");
        String prefix = name.isEmpty() ? "" : "constraint " + name + " ";
        String expression = text(constraint, "expression");
        String more = expression.isEmpty() ? "" : " " + expression;
        String list = "(" + String.join(", ", texts(constraint, "columns")) + ")";
        return switch (text(constraint, "type")) {
            case "check" -> when(expression, prefix + "check (" + expression + ")");
            case "unique" -> Optional.of(prefix + "unique" + more + " " + list);
            case "primary_key" -> Optional.of(prefix + "primary key" + more + " " + list);
            case "foreign_key" ->
                referenced(constraint, expression).map(reference -> prefix + "foreign key " + list + " " + reference);
            case "custom" -> when(expression, prefix + expression);
            default -> throw unknown(constraint);
        };
    }

    private Optional<String> referenced(Map<String, @Nullable Object> constraint, String expression) {
        String to = text(constraint, "to");
        List<String> columnsOfIt = texts(constraint, "to_columns");
        if (!to.isEmpty() && !columnsOfIt.isEmpty()) {
            String table =
                    to.matches("(?s)\\s*(ref|source)\\s*\\(.*") ? frame.render(new Hook("{{ " + to + " }}", true)) : to;
            return Optional.of("references " + table + " (" + String.join(", ", columnsOfIt) + ")");
        }
        return when(expression, "references " + expression);
    }

    private static Optional<String> when(String expression, String text) {
        return expression.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String text(Map<String, @Nullable Object> constraint, String key) {
        Object value = constraint.get(key);
        return value == null ? "" : value.toString();
    }

    private static List<String> texts(Map<String, @Nullable Object> constraint, String key) {
        return constraint.get(key) instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    private ModelFaultException unknown(Map<String, @Nullable Object> constraint) {
        return fault("Could not parse constraint: " + constraint
                + "; its type is one of check, not_null, unique, primary_key, foreign_key, custom");
    }

    private ModelFaultException fault(String problem) {
        return new ModelFaultException(session.what() + ": " + problem);
    }
}
