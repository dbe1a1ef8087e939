package dev.landfall.project;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A test of a model's SQL on rows that are written down: given these inputs, expect these rows.
 *
 * @param model unique id of the model that it tests
 * @param given what stands in place of what the model reads
 * @param expect what the model must give
 * @param macros what macros answer in its place: {@code is_incremental}
 * @param vars variables over those of the project
 * @param environment environment variables over those of the process
 */
public record UnitTest(
        Definition definition,
        ModelConfig config,
        Dependencies dependencies,
        String model,
        List<Fixture> given,
        Fixture expect,
        Map<String, @Nullable Object> macros,
        Map<String, @Nullable Object> vars,
        Map<String, String> environment)
        implements Node {

    /**
     * Rows as written.
     *
     * @param input unique id of what they stand for, {@code this} for the model's own table, empty for what is expected
     * @param rows values by column; empty where there is a query
     * @param sql a query that gives the rows, or null
     */
    public record Fixture(
            String input,
            List<Map<String, @Nullable Object>> rows,
            @Nullable String sql) {}

    @Override
    public String resourceType() {
        return "unit_test";
    }
}
