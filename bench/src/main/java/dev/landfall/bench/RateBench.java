package dev.landfall.bench;

import dev.landfall.event.PartitionLanded;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** 1,000 landings over 100 streams: all at once, and at a pace that leaves the runner time. */
final class RateBench implements Bench {
    private static final int STREAMS = 100;
    private static final int LANDINGS = 1_000;
    private static final int CALM_LANDINGS = 200;
    private static final double CALM_RATE = 5;
    private static final long ROWS = 1_000;

    @Override
    public String name() {
        return "rate";
    }

    @Override
    public void run(Report report, Scratch scratch) throws Exception {
        try (Plant plant = new Plant(scratch.folder("plant"))) {
            for (int stream = 0; stream < STREAMS; stream++) {
                plant.stream("s" + stream);
                plant.createTopic("s" + stream);
            }
            plant.start(false);
            int day = 0;
            // Every table is there, and everything was done once.
            measure(plant, land(plant, STREAMS, day++), 0);
            List<Double> burst = measure(plant, land(plant, LANDINGS, day), 0);
            day += LANDINGS / STREAMS;
            double seconds = burst.get(burst.size() - 1) / 1000;
            report.add(
                    "1,000 landings of 1,000 rows over 100 streams, all at once",
                    String.format(Locale.ROOT, "%.0f a second; %s", LANDINGS / seconds, percentiles(burst)),
                    "",
                    true);
            List<Double> paced = measure(plant, land(plant, CALM_LANDINGS, day), CALM_RATE);
            report.add(
                    String.format(Locale.ROOT, "%d of them, %.0f a second", CALM_LANDINGS, CALM_RATE),
                    percentiles(paced),
                    "",
                    true);
        }
    }

    private static List<PartitionLanded> land(Plant plant, int count, int firstDay) {
        List<PartitionLanded> landings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String stream = "s" + i % STREAMS;
            int day = firstDay + i / STREAMS;
            plant.file(stream, day, Plant.rows("i + " + day * ROWS / 2, ROWS, day));
            landings.add(plant.landing(stream, day));
        }
        return landings;
    }

    /** Milliseconds from each record to the event that tells of its landing, sorted. */
    private static List<Double> measure(Plant plant, List<PartitionLanded> landings, double aSecond)
            throws InterruptedException {
        long start = System.nanoTime();
        long[] sent = new long[landings.size()];
        for (int i = 0; i < sent.length; i++) {
            if (aSecond > 0) {
                long wait = start + (long) (i / aSecond * 1e9) - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
            }
            sent[i] = System.nanoTime();
            plant.send(landings.get(i));
        }
        List<Double> latencies = new ArrayList<>();
        for (int i = 0; i < sent.length; i++) {
            latencies.add((plant.await(landings.get(i)) - sent[i]) / 1e6);
        }
        latencies.sort(null);
        return latencies;
    }

    private static String percentiles(List<Double> sorted) {
        return String.format(
                Locale.ROOT,
                "p50 %,.0f ms, p99 %,.0f ms",
                sorted.get(sorted.size() / 2),
                sorted.get(sorted.size() * 99 / 100));
    }
}
