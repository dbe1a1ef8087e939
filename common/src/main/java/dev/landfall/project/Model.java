package dev.landfall.project;

/**
 * A SQL file that becomes a table or a view.
 *
 * @param relation the name in the warehouse; an ephemeral model has one too and is never created
 */
public record Model(Definition definition, ModelConfig config, Relation relation, Dependencies dependencies)
        implements Node {
    @Override
    public String resourceType() {
        return "model";
    }

    public String rawSql() {
        return definition.rawSql();
    }

    /** {@code table}, {@code view}, {@code incremental}, {@code ephemeral}, … */
    public String materialized() {
        return config.materialized();
    }

    public boolean ephemeral() {
        return materialized().equals("ephemeral");
    }
}
