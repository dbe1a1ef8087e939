package dev.landfall.run;

import dev.landfall.project.Relation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The WHEN clauses of a MERGE as {@code merge_clauses} lists them, in the form that dbt-duckdb documents. */
final class MergeClauses {
    private final Map<?, ?> clauses;
    private final List<String> columns;

    /** @param columns of the table, for updates that name what they leave out */
    MergeClauses(Map<?, ?> clauses, List<String> columns) {
        this.clauses = clauses;
        this.columns = columns;
    }

    /** @param matched what applies where {@code when_matched} is not written, and likewise for the other */
    String sql(String matched, String notMatched) {
        return (clauses.get("when_matched") instanceof List<?> list ? all(list, true) : matched)
                + (clauses.get("when_not_matched") instanceof List<?> list ? all(list, false) : notMatched);
    }

    private String all(List<?> list, boolean matched) {
        return list.stream()
                .filter(Map.class::isInstance)
                .map(clause -> clause((Map<?, ?>) clause, matched))
                .collect(Collectors.joining());
    }

    private String clause(Map<?, ?> clause, boolean matched) {
        String by = clause.get("by") == null ? "" : " by " + clause.get("by");
        String head = matched ? " when matched" : " when not matched" + by;
        List<String> conditions = texts(clause.get("condition"));
        String condition = conditions.isEmpty() ? "" : " and (" + String.join(") and (", conditions) + ")";
        return head + condition + " then " + action(clause);
    }

    private String action(Map<?, ?> clause) {
        String mode = String.valueOf(clause.get("mode"));
        String action = String.valueOf(clause.get("action")).toLowerCase(Locale.ROOT);
        return switch (action) {
            case "update" ->
                switch (mode) {
                    case "by_name" -> "update by name";
                    case "by_position" -> "update by position";
                    case "star" -> "update set *";
                    default -> "update set " + assignments(clause);
                };
            case "insert" ->
                switch (mode) {
                    case "by_name" -> "insert by name";
                    case "by_position" -> "insert by position";
                    case "star" -> "insert *";
                    default ->
                        "insert ("
                                + String.join(", ", texts(part(clause, "insert").get("columns"))) + ") values ("
                                + String.join(", ", texts(part(clause, "insert").get("values"))) + ")";
                };
            case "delete" -> "delete";
            case "do_nothing" -> "do nothing";
            case "error" ->
                clause.get("error_message") == null
                        ? "error"
                        : "error " + Relation.literal(String.valueOf(clause.get("error_message")));
            default ->
                throw new ModelFaultException("merge_clauses: the action '" + action
                        + "' is not known; it is update, insert, delete, do_nothing or error");
        };
    }

    private String assignments(Map<?, ?> clause) {
        Map<?, ?> update = part(clause, "update");
        Map<?, ?> expressions = clause.get("set_expressions") instanceof Map<?, ?> map
                ? map
                : update.get("set_expressions") instanceof Map<?, ?> map ? map : Map.of();
        List<String> assignments = new ArrayList<>();
        expressions.forEach((column, expression) -> assignments.add(column + " = " + expression));
        if (clause.containsKey("update") || expressions.isEmpty()) {
            List<String> only = texts(update.get("include"));
            List<String> except = texts(update.get("exclude"));
            for (String column : only.isEmpty() ? columns : only) {
                if (except.stream().noneMatch(column::equalsIgnoreCase) && !expressions.containsKey(column)) {
                    String quoted = Relation.quote(column);
                    assignments.add(quoted + " = DBT_INTERNAL_SOURCE." + quoted);
                }
            }
        }
        return String.join(", ", assignments);
    }

    private static Map<?, ?> part(Map<?, ?> clause, String key) {
        return clause.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        return value == null ? List.of() : List.of(String.valueOf(value));
    }
}
