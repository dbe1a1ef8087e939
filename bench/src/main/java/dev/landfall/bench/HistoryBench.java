package dev.landfall.bench;

import dev.landfall.event.PartitionLanded;

/** One day lands in a stream of 1,000 days of history, and the same in one of ten. */
final class HistoryBench implements Bench {
    private static final int DAYS = 1_000;
    private static final int FEW = 10;
    private static final long A_DAY = 500;
    private static final long LANDING = 20_000;

    @Override
    public String name() {
        return "history";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        try (Plant plant = new Plant(scratch.folder("plant"))) {
            for (String stream : new String[] {"long", "short"}) {
                plant.stream(stream);
                plant.createTopic(stream);
            }
            plant.start(false);
            history(plant, "long", DAYS);
            history(plant, "short", FEW);
            plant.checkpoint();

            Comparison comparison = Pairs.run(
                    (number, watch) -> land(plant, "short", FEW + number, watch),
                    (number, watch) -> land(plant, "long", DAYS + number, watch));
            report.add(
                    "an incremental run on 1,000 days of history",
                    "one on 10 days",
                    comparison,
                    Report.Limit.times(1.2));
        }
    }

    private static void history(Plant plant, String stream, int days) {
        PartitionLanded last = null;
        for (int day = 0; day < days; day++) {
            plant.file(stream, day, Plant.rows("i + " + day * A_DAY, A_DAY, day));
            last = plant.landing(stream, day);
            plant.send(last);
        }
        PartitionLanded newest = last;
        plant.await("the history of " + stream, () -> newest != null && plant.cameAt(newest) != null);
        plant.await(
                "the history of " + stream,
                () -> plant.number("select count(distinct file_key) from _landfall.landings where stream = 'shop."
                                + stream + "'")
                        == days);
    }

    private static void land(Plant plant, String stream, int day, Stopwatch watch) throws Exception {
        plant.file(stream, day, Plant.rows("i + " + day * A_DAY, LANDING, day));
        PartitionLanded landing = plant.landing(stream, day);
        watch.time(() -> {
            plant.send(landing);
            plant.await(landing);
        });
        watch.checkpoint(plant::checkpoint);
    }
}
