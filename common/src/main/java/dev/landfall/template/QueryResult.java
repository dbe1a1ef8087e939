package dev.landfall.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows that a query gave.
 *
 * @param types DuckDB's names of the columns' types
 * @param rows values as JDBC gives them, null for NULL
 */
public record QueryResult(List<String> names, List<String> types, List<List<@Nullable Object>> rows) {}
