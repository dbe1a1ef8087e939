package dev.landfall.bench;

import dev.landfall.event.PartitionLanded;
import dev.landfall.event.RunRequested;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A year of 365 partitions is replayed, and refreshed in full. */
final class ReplayBench implements Bench {
    private static final int DAYS = 365;
    private static final long A_DAY = 20_000;

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        try (Plant plant = new Plant(scratch.folder("plant"))) {
            plant.stream("year");
            plant.createTopic("year");
            plant.start(false);
            for (int day = 0; day < DAYS; day++) {
                // Half of each day's rows are newer versions of the day before's.
                plant.file("year", day, Plant.rows("i + " + day * A_DAY / 2, A_DAY, day));
                PartitionLanded landing = plant.landing("year", day);
                plant.send(landing);
            }
            plant.await(
                    "the year",
                    () -> plant.number("select case when exists (from duckdb_schemas() where schema_name = '_landfall')"
                                            + " then 1 else 0 end")
                                    == 1
                            && plant.number("select count(*) from _landfall.landings") == DAYS);
            plant.checkpoint();
            long before = runs(plant);
            int pairs = Pairs.ENOUGH;
            Comparison comparison = Pairs.run(
                    (number, watch) -> {
                        watch.time(() -> plant.ask(request(RunRequested.FULL_REFRESH, true)));
                        watch.checkpoint(plant::checkpoint);
                    },
                    (number, watch) -> {
                        watch.time(() -> plant.ask(request(RunRequested.REPLAY, false)));
                        watch.checkpoint(plant::checkpoint);
                    });
            report.add(
                    "a replay of 365 partitions, 7.3 M rows",
                    "a full refresh over the same files",
                    comparison,
                    Report.Limit.times(2));
            double runs = (runs(plant) - before) / (pairs + 1.0);
            report.add("runs of a replay of 365 partitions", String.format("%.1f", runs), "10 at most", runs <= 10);
        }
    }

    private static long runs(Plant plant) {
        return plant.number("select count(*) from _landfall.runs where not full_refresh");
    }

    private static RunRequested request(String cause, boolean fullRefresh) {
        return new RunRequested(
                UUID.randomUUID().toString(),
                cause,
                "shop.year",
                List.of(),
                List.of(),
                List.of(),
                fullRefresh,
                false,
                Instant.now());
    }
}
