package dev.landfall.bench;

import dev.landfall.event.PartitionLanded;
import java.nio.file.Path;
import java.time.Duration;

/** A landing of 100,000 rows into a table of 20 million, half of them new: from the record to the event. */
final class LandingBench implements Bench {
    private static final long TABLE = 20_000_000;
    private static final long LANDING = 100_000;

    @Override
    public String name() {
        return "landing";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        try (Plant plant = new Plant(scratch.folder("plant"));
                Sql duckdb = new Sql(scratch.directory().resolve("straight.duckdb"))) {
            plant.stream("orders");
            plant.createTopic("orders");
            plant.start(false);
            String history = Plant.rows("i", TABLE, 0);
            plant.execute("create table int_orders as " + history);
            plant.checkpoint();
            duckdb.execute("create table int_orders as " + history, "checkpoint");

            Comparison comparison = Pairs.run(
                    (number, watch) -> {
                        String files = "['" + file(plant, number) + "'], hive_partitioning=true";
                        watch.time(() -> duckdb.deleteInsert("int_orders", Plant.newest(files)));
                        watch.checkpoint(() -> duckdb.execute("checkpoint"));
                    },
                    (number, watch) -> {
                        file(plant, number);
                        PartitionLanded landing = plant.landing("orders", number);
                        watch.time(() -> {
                            plant.send(landing);
                            plant.await(landing);
                        });
                        watch.checkpoint(plant::checkpoint);
                    });
            report.add(
                    "a landing of 100k rows into 20 M",
                    "the same delete+insert, straight to DuckDB",
                    comparison,
                    new Report.Limit(1.25, Duration.ofMillis(50)));
        }
    }

    /** Every other id is one of the table's; both ways of one pair get the same file. */
    private static Path file(Plant plant, int number) {
        String id = "case when i % 2 = 0 then (i * 7919 + " + number + ") % " + TABLE + " else " + TABLE + " + i + "
                + number * LANDING + " end";
        Path path = plant.lake()
                .resolve("landing")
                .resolve(Plant.folder("orders", number))
                .resolve("data.parquet");
        return path.toFile().exists() ? path : plant.file("orders", number, Plant.rows(id, LANDING, number + 1));
    }
}
