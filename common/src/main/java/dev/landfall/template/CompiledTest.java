package dev.landfall.template;

import dev.landfall.project.DataTest;

/**
 * A test's SQL, ready to run.
 *
 * @param sql the query for failing rows
 */
public record CompiledTest(DataTest test, String sql) {

    /** One row {@code failures, should_warn, should_error} over the query, or over the table that keeps its rows. */
    public String verdictSql() {
        return verdictSql(sql);
    }

    /** As {@link #verdictSql()}, over another query: a select from the stored failures. */
    public String verdictSql(String query) {
        String limit = test.limit().map(rows -> "\n    limit " + rows).orElse("");
        return "select\n      " + test.failCalc() + " as failures,\n      " + test.failCalc() + " " + test.warnIf()
                + " as should_warn,\n      " + test.failCalc() + " " + test.errorIf()
                + " as should_error\n    from (\n      " + query + limit + "\n    ) dbt_internal_test";
    }
}
