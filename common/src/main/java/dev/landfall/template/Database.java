package dev.landfall.template;

import dev.landfall.project.Relation;
import java.util.List;
import java.util.Optional;

/**
 * What a template may ask of the warehouse while it renders. Within a run it is the run's own connection, so that a
 * template sees what the run wrote. Errors are unchecked and carry DuckDB's text.
 */
public interface Database {
    /** Runs one statement and fetches all of its rows; a statement without a result gives no columns. */
    QueryResult query(String sql);

    /** Runs one statement or several, divided by semicolons, and fetches nothing. */
    void execute(String sql);

    /** {@code table} or {@code view}, or nothing when there is no such relation. Names are compared without case. */
    Optional<String> relationType(Relation relation);

    /** In the table's order; empty when there is no such relation. */
    List<ColumnInfo> columns(Relation relation);

    List<Relation> relations(String database, String schema);

    /** Begins a transaction unless one is open. */
    default void begin() {}

    /** Commits what is open; without a transaction it does nothing. */
    default void commit() {}

    /** Takes back what is open; without a transaction it does nothing. */
    default void rollback() {}
}
