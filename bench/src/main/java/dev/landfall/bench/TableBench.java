package dev.landfall.bench;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.run.ProjectRun;
import dev.landfall.run.RunListener;
import dev.landfall.run.RunSettings;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * 60 million rows through one {@code table} model, as {@code landfall run} builds it, beside the same SQL sent straight
 * to DuckDB. Either way the database file is new, is opened and closed within the time, and has two threads. Wants 4 GB
 * of memory and 2 GB of disk.
 */
final class TableBench implements Bench {
    private static final double LIMIT = 1.05;

    private final long rows;
    private final int pairs;

    TableBench() {
        this(60_000_000, Pairs.ENOUGH);
    }

    TableBench(long rows, int pairs) {
        this.rows = rows;
        this.pairs = pairs;
    }

    @Override
    public String name() {
        return "table";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        Path directory = scratch.folder("project", "models");
        Path root = scratch.folder("project");
        Files.writeString(root.resolve("dbt_project.yml"), "name: shop\nprofile: shop\n");
        Files.writeString(
                root.resolve("profiles.yml"),
                "shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, threads: 2}}}\n");
        Files.writeString(directory.resolve("orders.sql"), "{{ config(materialized='table') }}\n" + query());
        Path straight = scratch.directory().resolve("straight.duckdb");
        Path warehouse = root.resolve("shop.duckdb");

        Comparison comparison = Pairs.run(
                pairs,
                (number, watch) -> {
                    Files.deleteIfExists(straight);
                    watch.time(() -> build(straight));
                    check(straight);
                },
                (number, watch) -> {
                    Files.deleteIfExists(warehouse);
                    watch.time(() -> build(load(root), root));
                    check(warehouse);
                });
        report.add(
                String.format(Locale.ROOT, "%,d rows through one table model", rows),
                "the same SQL, straight to DuckDB",
                comparison,
                Report.Limit.times(LIMIT));
    }

    private String query() {
        return "select i as id, i % 1000003 as customer, (i % 9973)::decimal(12, 2) / 100 as amount,"
                + " date '2024-01-01' + (i % 730)::integer as day, 'note ' || (i % 977) as note"
                + " from range(" + rows + ") t(i)";
    }

    private void build(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("set threads = 2");
            statement.execute("create table orders as (\n" + query() + "\n)");
        }
    }

    private static Project load(Path root) throws InvalidProjectException {
        return ProjectLoader.load(new ProjectOptions(root, root, null, Map.of(), Map.of()));
    }

    private static void build(Project project, Path root) {
        try (Warehouse warehouse = Warehouse.open(project.target(), root, WarehouseSettings.shared("bench"))) {
            ProjectRun.Report ran = new ProjectRun(project, warehouse, null, null, RunSettings.DEFAULT)
                    .run(List.of("model.shop.orders"), new ProjectRun.Flags("run", false, false, 2), RunListener.NONE);
            if (!ran.success()) {
                throw new IllegalStateException(ran.results().toString());
            }
        }
    }

    /** Neither way may leave work for later. */
    private void check(Path file) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = connection.createStatement();
                var counted = statement.executeQuery("select count(*), sum(amount) from orders")) {
            counted.next();
            if (counted.getLong(1) != rows || Files.exists(Path.of(file + ".wal"))) {
                throw new IOException(file + " holds " + counted.getLong(1) + " rows, or a log not yet applied");
            }
        }
    }
}
