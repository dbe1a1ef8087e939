package dev.landfall.bench;

import dev.landfall.event.PartitionLanded;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** One core model and 50 marts of about 200 ms over it. */
final class WaveBench implements Bench {
    private static final int MARTS = 50;
    private static final long LANDING = 1_000;
    private static final double ABOUT_SECONDS = 0.2;

    @Override
    public String name() {
        return "wave";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        try (Plant plant = new Plant(scratch.folder("plant"));
                Sql duckdb = new Sql(scratch.directory().resolve("straight.duckdb"))) {
            long rows = calibrate(duckdb);
            duckdb.execute("create or replace table int_orders as " + Plant.rows("i", rows, 0), "checkpoint");
            plant.stream("orders");
            List<String> statements = new ArrayList<>();
            for (int mart = 0; mart < MARTS; mart++) {
                plant.write(
                        "models/mart_" + mart + ".sql",
                        "{{ config(materialized='table') }} " + mart(mart, "{{ ref('int_orders') }}"));
                statements.add("create or replace table mart_" + mart + " as " + mart(mart, "int_orders"));
            }
            plant.createTopic("orders");
            plant.start(true);
            plant.execute("create table int_orders as " + Plant.rows("i", rows, 0));
            plant.checkpoint();

            Comparison comparison = Pairs.run(
                    (number, watch) -> {
                        plant.file("orders", number, Plant.rows("i * 11 + " + number, LANDING, number + 1));
                        String files = "['" + plant.lake().resolve("landing").resolve(Plant.folder("orders", number))
                                + "/data.parquet'], hive_partitioning=true";
                        watch.time(() -> {
                            duckdb.deleteInsert("int_orders", Plant.newest(files));
                            for (String statement : statements) {
                                duckdb.execute(statement);
                            }
                        });
                        watch.checkpoint(() -> duckdb.execute("checkpoint"));
                    },
                    (number, watch) -> {
                        plant.file("orders", number, Plant.rows("i * 11 + " + number, LANDING, number + 1));
                        PartitionLanded landing = plant.landing("orders", number);
                        watch.time(() -> {
                            plant.send(landing);
                            plant.await(landing);
                            String version = Objects.requireNonNull(
                                            plant.models().get("model.shop.int_orders"))
                                    .version();
                            plant.await("wave", () -> fresh(plant, version) == MARTS);
                        });
                        watch.checkpoint(plant::checkpoint);
                    });
            report.add(
                    "a wave of 1 core model and 50 marts",
                    "the same statements in order",
                    comparison,
                    Report.Limit.times(1.2));
            report.add(
                    "a mart of that wave, by itself",
                    String.format(
                            Locale.ROOT, "%.0f ms", comparison.baseline().wall().toMillis() / (double) MARTS),
                    "",
                    true);
        }
    }

    private static long fresh(Plant plant, String version) {
        return plant.models().values().stream()
                .filter(event -> version.equals(event.parentVersions().get("model.shop.int_orders")))
                .count();
    }

    /** Its result is small and changes with each landing. */
    private static String mart(int number, String from) {
        return "select name, count(*) as n, sum(amount) as amount, max(_airbyte_extracted_at) as newest, count(distinct id)"
                + " as ids from " + from + " where id % 50 <> " + number + " group by name";
    }

    /** So many rows that a mart takes about 200 ms. */
    private static long calibrate(Sql duckdb) throws SQLException {
        long rows = 1_000_000;
        duckdb.execute("create or replace table int_orders as " + Plant.rows("i", rows, 0));
        duckdb.execute("create or replace table mart as " + mart(0, "int_orders"));
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            duckdb.execute("create or replace table mart as " + mart(0, "int_orders"));
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        duckdb.execute("drop table mart");
        return (long) (rows * ABOUT_SECONDS / best);
    }
}
