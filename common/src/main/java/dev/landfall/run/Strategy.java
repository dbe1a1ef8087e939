package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import dev.landfall.project.UniqueKey;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The SQL of dbt-duckdb's incremental strategies; texts only. */
final class Strategy {
    private Strategy() {}

    /** The configured strategy's name: {@code delete+insert} where nothing is said. */
    static String of(Model model) {
        return model.config()
                .incrementalStrategy()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.equals("default"))
                .orElse("delete+insert");
    }

    /** Why a strategy cannot be had, in dbt's words, or the empty string. */
    static String refusal(String strategy, String project) {
        if (ModelConfig.STRATEGIES.contains(strategy)) {
            return "";
        }
        if (strategy.equals("insert_overwrite")) {
            return "The incremental strategy '" + strategy + "' is not valid for this adapter";
        }
        return "dbt could not find an incremental strategy macro with the name \"get_incremental_"
                + strategy.replace('+', '_') + "_sql\" in " + project;
    }

    /** Deletes what a batch replaces: dbt's own text, with its ways at NULL. */
    static String delete(Relation target, Relation batch, UniqueKey key, List<String> predicates) {
        String and = predicates.stream().map(each -> " and " + each).collect(Collectors.joining());
        if (key instanceof UniqueKey.Columns columns) {
            String match = columns.names().stream()
                    .map(name -> batch.sql() + "." + name + " = DBT_INCREMENTAL_TARGET." + name)
                    .collect(Collectors.joining(" and "));
            return "delete from " + target.sql() + " as DBT_INCREMENTAL_TARGET using " + batch.sql() + " where ("
                    + match + and + ")";
        }
        String expression = "(" + ((UniqueKey.Expression) key).sql() + ")";
        return "delete from " + target.sql() + " where " + expression + " in (select " + expression + " from "
                + batch.sql() + ")" + and;
    }

    static String insert(Relation target, Relation batch, List<String> columns) {
        String list = columns.stream().map(Relation::quote).collect(Collectors.joining(", "));
        return "insert into " + target.sql() + " (" + list + ") (select " + list + " from " + batch.sql() + ")";
    }

    /** The key as one SQL expression over a relation's own columns; a list becomes a row. */
    static String keyExpression(UniqueKey key) {
        if (key instanceof UniqueKey.Columns columns) {
            return columns.names().size() == 1
                    ? columns.names().get(0)
                    : "row(" + String.join(", ", columns.names()) + ")";
        }
        return "(" + ((UniqueKey.Expression) key).sql() + ")";
    }
}
