package dev.landfall.template;

/**
 * A column of a relation.
 *
 * @param type as DuckDB's DESCRIBE spells it: {@code DECIMAL(18,2)}
 */
public record ColumnInfo(String name, String type) {}
