package dev.landfall.sensor;

import static dev.landfall.sensor.Bench.day;
import static dev.landfall.sensor.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamPollTest {
    private final Bench bench = new Bench();

    @Test
    void announcesAPartitionWithAllItsFiles() {
        bench.lake.put(day(1, 15, "b.parquet"), 10);
        bench.lake.put(day(1, 15, "a.parquet"), 20);
        bench.lake.put(day(1, 14, "a.parquet"), 30);

        bench.run(10);

        assertThat(bench.topic)
                .extracting(PartitionLanded::key)
                .containsExactly("year=2026/month=01/day=14", "year=2026/month=01/day=15");
        PartitionLanded landed = bench.topic.get(1);
        assertThat(landed.files())
                .extracting(LakeFile::key)
                .containsExactly(day(1, 15, "a.parquet"), day(1, 15, "b.parquet"));
        assertThat(landed.partition())
                .containsExactly(
                        java.util.Map.entry("year", "2026"),
                        java.util.Map.entry("month", "01"),
                        java.util.Map.entry("day", "15"));
        assertThat(landed.source()).isEqualTo("shop");
        assertThat(landed.bucket()).isEqualTo("landing");
        assertThat(landed.prefix()).isEqualTo("raw/shop/things/");
        assertThat(landed.gone()).isEmpty();
        assertThat(landed.manifest()).isEqualTo(PartitionLanded.manifest(landed.files()));
    }

    @Test
    void saysNothingTwice() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(10);

        bench.run(600);
        bench.restart();
        bench.run(600);

        assertThat(bench.topic).hasSize(1);
    }

    @Test
    void announcesOnceWhatArrivesWithinTheQuietPeriod() {
        bench.run(4);
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(2);
        bench.lake.put(day(1, 15, "b.parquet"), 10);
        bench.run(2);
        bench.lake.put(day(1, 15, "c.parquet"), 10);
        bench.run(20);

        assertThat(bench.topic)
                .singleElement()
                .satisfies(landed -> assertThat(landed.files()).hasSize(3));
    }

    @Test
    void announcesWithinAPollAndTheQuietPeriod() {
        bench.run(60);
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        Instant landedAt = bench.now;

        while (bench.topic.isEmpty()) {
            bench.run(Duration.ofMillis(100));
        }

        assertThat(Duration.between(landedAt, bench.now)).isLessThanOrEqualTo(Duration.ofMillis(7_100));
    }

    @Test
    void announcesAStreamThatNeverRests() {
        bench.run(1);
        for (int second = 0; second < 60; second++) {
            bench.lake.put(day(1, 15, second + ".parquet"), 10);
            bench.run(1);
        }

        assertThat(bench.topic).hasSizeBetween(1, 3);
        assertThat(bench.topic.get(0).files()).hasSizeGreaterThan(20);
    }

    @Test
    void announcesAFileThatIsWrittenOverAndOver() {
        bench.run(1);
        for (int second = 0; second < 60; second++) {
            bench.lake.put(day(1, 15, "a.parquet"), second);
            bench.run(1);
        }

        assertThat(bench.topic).hasSizeBetween(1, 3);
    }

    @Test
    void announcesAnOverwriteOfTheSameSizeAndSecond() {
        LakeFile first = bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(10);
        bench.lake.put(first.key(), first.size(), first.lastModified());
        bench.run(10);

        assertThat(bench.topic).hasSize(2);
        assertThat(bench.topic.get(1).files())
                .containsExactly(bench.lake.files().get(first.key()));
        assertThat(bench.topic.get(1).gone()).isEmpty();
    }

    @Test
    void announcesWhatWentAndAPartitionThatWasEmptied() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.lake.put(day(1, 15, "b.parquet"), 10);
        bench.run(10);
        bench.lake.delete(day(1, 15, "a.parquet"));
        bench.run(10);
        bench.lake.delete(day(1, 15, "b.parquet"));
        bench.run(10);

        assertThat(bench.topic).hasSize(3);
        assertThat(bench.topic.get(1).gone()).containsExactly(day(1, 15, "a.parquet"));
        assertThat(bench.topic.get(1).files()).hasSize(1);
        assertThat(bench.topic.get(2).gone()).containsExactly(day(1, 15, "b.parquet"));
        assertThat(bench.topic.get(2).files()).isEmpty();
        bench.run(600);
        assertThat(bench.topic).hasSize(3);
    }

    @Test
    void saysNothingOfAFileThatCameAndWentUnannounced() {
        bench.run(4);
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(2);
        bench.lake.delete(day(1, 15, "a.parquet"));
        bench.run(60);

        assertThat(bench.topic).isEmpty();
    }

    @Test
    void saysNothingWhenAListingLeftFilesOutOnce() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.lake.put(day(1, 15, "b.parquet"), 10);
        bench.run(10);
        bench.lake.hiddenOnce.add(day(1, 15, "a.parquet"));
        bench.lake.hiddenOnce.add(day(1, 15, "b.parquet"));
        bench.run(60);

        assertThat(bench.lake.hiddenOnce).isEmpty();
        assertThat(bench.topic).hasSize(1);
    }

    @Test
    void splitsAPartitionOfMoreThanAThousandFiles() {
        for (int i = 0; i < 2_500; i++) {
            bench.lake.put(day(1, 15, String.format("%05d.parquet", i)), 10, bench.now.minusSeconds(3_600));
        }
        bench.run(10);

        assertThat(bench.topic)
                .extracting(PartitionLanded::key)
                .containsExactly(
                        "year=2026/month=01/day=15", "year=2026/month=01/day=15#2", "year=2026/month=01/day=15#3");
        assertThat(bench.known()).isEqualTo(bench.landings());
    }

    @Test
    void tellsOneChunkOfABigPartitionWhenOneFileChanges() {
        for (int i = 0; i < 2_500; i++) {
            bench.lake.put(day(1, 15, String.format("%05d.parquet", i)), 10, bench.now.minusSeconds(3_600));
        }
        bench.run(10);
        bench.restart();
        bench.lake.put(day(1, 15, "00000-in-front.parquet"), 10);
        bench.run(10);
        bench.lake.delete(day(1, 15, "00500.parquet"));
        bench.run(10);

        assertThat(bench.topic).hasSize(5);
        assertThat(bench.topic.get(3).key()).endsWith("#3");
        assertThat(bench.topic.get(4).key()).endsWith("day=15");
        assertThat(bench.known()).isEqualTo(bench.landings());
    }

    @Test
    void countsWhatIsNoLandingAndLeavesIt() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.lake.put(day(1, 15, "empty.parquet"), 0);
        bench.lake.put(day(1, 15, "notes.txt"), 10);
        bench.lake.put(key("__airbyte_tmp/b.parquet"), 10);
        bench.run(10);

        assertThat(bench.known().keySet()).containsExactly(day(1, 15, "a.parquet"));
        assertThat(bench.poll.census().of(Kind.LANDING)).isEqualTo(1);
        assertThat(bench.poll.census().of(Kind.EMPTY)).isEqualTo(1);
        assertThat(bench.poll.census().of(Kind.TEMPORARY)).isEqualTo(1);
        assertThat(bench.poll.census().of(Kind.UNKNOWN)).isEqualTo(1);
        assertThat(bench.poll.census().unknownExample()).isEqualTo(day(1, 15, "notes.txt"));
    }

    @Test
    void takesAPartitionWithNothingButAnEmptyObjectForNone() {
        bench.lake.put(key("year=2026/month=01/day=15/"), 0);
        bench.lake.put(day(1, 15, "empty.parquet"), 0);
        bench.run(60);

        assertThat(bench.topic).isEmpty();
    }

    @Test
    void announcesAFileAgainWhenAnEmptyOneIsFilled() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(10);
        bench.lake.put(day(1, 15, "a.parquet"), 0);
        bench.run(10);
        bench.lake.put(day(1, 15, "a.parquet"), 20);
        bench.run(10);

        assertThat(bench.topic).hasSize(3);
        assertThat(bench.topic.get(1).gone()).hasSize(1);
        assertThat(bench.known()).isEqualTo(bench.landings());
    }

    @Test
    void takesStreamsWithoutPartitions() {
        bench.lake.put(key("2026_01_15_1700000000_0.parquet"), 10);
        bench.lake.put(key("2026_01_15_1700000000_0.parquet-1"), 10);
        bench.run(10);

        assertThat(bench.topic).singleElement().satisfies(landed -> {
            assertThat(landed.key()).isEqualTo("_");
            assertThat(landed.partition()).isEmpty();
            assertThat(landed.files()).hasSize(2);
        });
    }

    @Test
    void triesAgainWhatCouldNotBeWritten() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.announceFailures = 3;
        bench.run(60);

        assertThat(bench.pollFailures).isEqualTo(3);
        assertThat(bench.topic).hasSize(1);
    }

    @Test
    void announcesAnewWhenTheBucketOfTheStreamChanges() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(10);
        bench.subject = new LakeSensor.Subject(
                bench.subject.stream(), "other", Bench.PREFIX, Duration.ofSeconds(2), Duration.ofSeconds(30), "p");
        bench.restart();
        bench.run(10);
        bench.restart();
        bench.run(10);

        assertThat(bench.topic).extracting(PartitionLanded::bucket).containsExactly("landing", "other");
    }

    @Test
    void announcesWhatWentWhenThePrefixOfTheStreamChanges() {
        bench.lake.put("raw/old/year=2026/a.parquet", 10);
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        LakeSensor.Subject now = bench.subject;
        bench.subject = new LakeSensor.Subject(
                now.stream(), "landing", "raw/old/", Duration.ofSeconds(2), Duration.ofSeconds(30), "p");
        bench.restart();
        bench.run(10);
        bench.subject = now;
        bench.restart();
        bench.run(20);

        assertThat(bench.topic).hasSize(3);
        assertThat(bench.known().keySet()).containsExactly(day(1, 15, "a.parquet"));
        assertThat(bench.table())
                .hasEntrySatisfying(
                        "year=2026",
                        landed -> assertThat(landed.gone()).containsExactly("raw/old/year=2026/a.parquet"));
    }

    @Test
    void doesNotHeedAClockThatIsAnHourWrong() {
        for (int hours : List.of(-1, 1)) {
            Bench skewed = new Bench();
            skewed.run(60);
            skewed.lake.put(day(1, 15, "a.parquet"), 10, skewed.now.plus(Duration.ofHours(hours)));
            skewed.run(10);
            skewed.lake.put(day(1, 15, "b.parquet"), 10, skewed.now.plus(Duration.ofHours(hours)));
            skewed.run(10);
            skewed.run(7_200);

            assertThat(skewed.topic).as("%d hours", hours).hasSize(2);
            assertThat(skewed.known()).isEqualTo(skewed.landings());
        }
    }
}
