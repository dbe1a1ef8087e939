package dev.landfall.sensor;

import static dev.landfall.sensor.Bench.day;
import static dev.landfall.sensor.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a bucket, however slow and wrong its listings, and whoever else takes the stream for his: in the
 * end the topic equals the bucket, no record repeats the one before it of the same key, and no version of a file is
 * announced twice.
 */
class StreamPollPropertyTest {
    static LongStream seeds() {
        return LongStream.rangeClosed(1, 20);
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(21, 600);
    }

    @Tag("soak")
    @ParameterizedTest
    @MethodSource("moreSeeds")
    void soak(long seed) {
        endsWithTheTopicEqualToTheBucket(seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void endsWithTheTopicEqualToTheBucket(long seed) {
        Random random = new Random(seed);
        Bench bench = new Bench(1 + random.nextInt(20));
        bench.rhythm = new StreamPoll.Rhythm(
                Duration.ofSeconds(5),
                Duration.ofSeconds(5 + random.nextInt(30)),
                Duration.ofMinutes(1 + random.nextInt(5)),
                random.nextBoolean());
        bench.restart();

        for (int step = 0; step < 150; step++) {
            happen(bench, random);
            bench.run(Duration.ofMillis(random.nextInt(8_000)));
            if (random.nextInt(3) == 0) {
                bench.zombiesTurn();
            }
        }
        bench.lake.onPage = () -> {};
        bench.lake.failsEvery = 0;
        bench.lake.failures = 0;
        bench.lake.hiddenOnce.clear();
        bench.announceFailures = 0;
        bench.run(900);

        assertThat(bench.known()).isEqualTo(bench.landings());
        requireNothingSaidTwice(bench.topic);
        int records = bench.topic.size();
        bench.restart();
        bench.run(900);
        assertThat(bench.topic).hasSize(records);
    }

    private static void happen(Bench bench, Random random) {
        switch (random.nextInt(17)) {
            case 0, 1, 2 -> bench.lake.put(newKey(random), 1 + random.nextInt(3));
            case 3 -> bench.lake.put(newKey(random), 10, bench.now.minusSeconds(random.nextInt(7_200) - 3_600));
            case 4 -> any(bench, random).forEach(file -> bench.lake.put(file.key(), file.size(), file.lastModified()));
            case 5 -> any(bench, random).forEach(file -> bench.lake.put(file.key(), random.nextInt(2)));
            case 6, 7 -> any(bench, random).forEach(file -> bench.lake.delete(file.key()));
            case 8 -> any(bench, random).forEach(file -> bench.lake.hiddenOnce.add(file.key()));
            case 9 -> bench.restart();
            case 10 -> bench.lake.failures = random.nextInt(4);
            case 11 -> bench.lake.failsEvery = random.nextInt(5);
            case 12 -> bench.announceFailures = random.nextInt(3);
            case 13 -> bench.moveAway();
            case 14, 15 -> slow(bench, random);
            default -> burst(bench, random);
        }
    }

    /** From now on, or no longer: a page takes seconds, and things happen between one and the next. */
    private static void slow(Bench bench, Random random) {
        int slowest = random.nextInt(4_000);
        bench.lake.onPage = slowest < 1_000
                ? () -> {}
                : () -> {
                    bench.now = bench.now.plusMillis(random.nextInt(slowest));
                    switch (random.nextInt(8)) {
                        case 0 -> bench.lake.put(newKey(random), 3);
                        case 1 -> any(bench, random).forEach(file -> bench.lake.put(file.key(), file.size()));
                        case 2 -> any(bench, random).forEach(file -> bench.lake.delete(file.key()));
                        default -> {}
                    }
                };
    }

    /** A sync that writes many files, some of them into the partition of yesterday. */
    private static void burst(Bench bench, Random random) {
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            bench.lake.put(day(1, 14 + random.nextInt(2), random.nextInt(500) + ".parquet"), 5);
        }
    }

    private static String newKey(Random random) {
        String name = random.nextInt(400) + (random.nextInt(10) == 0 ? ".parquet-1" : ".parquet");
        return switch (random.nextInt(8)) {
            case 0 -> key(name);
            case 1 -> key("month=" + (1 + random.nextInt(12)) + "/" + name);
            case 2 -> key("__airbyte_tmp/" + name);
            case 3 -> key("year=2026/month=01/day=15/" + name + ".txt");
            default -> day(1 + random.nextInt(2), 1 + random.nextInt(28), name);
        };
    }

    private static List<LakeFile> any(Bench bench, Random random) {
        List<LakeFile> all = new ArrayList<>(bench.lake.files().values());
        return all.isEmpty() ? List.of() : List.of(all.get(random.nextInt(all.size())));
    }

    static void requireNothingSaidTwice(List<PartitionLanded> topic) {
        Map<String, String> manifests = new HashMap<>();
        Map<String, Map<String, String>> etags = new HashMap<>();
        for (PartitionLanded landed : topic) {
            assertThat(manifests.put(landed.key(), landed.manifest()))
                    .as("%s: a record like the one before", landed.key())
                    .isNotEqualTo(landed.manifest());
            Map<String, String> before = etags.getOrDefault(landed.key(), Map.of());
            Map<String, String> now = new HashMap<>();
            landed.files().forEach(file -> now.put(file.key(), file.etag()));
            Set<String> went = new HashSet<>(before.keySet());
            went.removeAll(now.keySet());
            assertThat(landed.gone()).containsExactlyInAnyOrderElementsOf(went);
            etags.put(landed.key(), now);
        }
    }
}
