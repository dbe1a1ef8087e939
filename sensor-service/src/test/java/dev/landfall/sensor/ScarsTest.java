package dev.landfall.sensor;

import static dev.landfall.sensor.Bench.day;
import static dev.landfall.sensor.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** One test for each way in which other systems have missed a file, or told of it twice. */
class ScarsTest {
    private final Bench bench = new Bench();

    @Test
    void keysOfTheSameSecond() {
        Instant second = bench.now;
        bench.lake.put(day(1, 15, "b.parquet"), 10, second);
        bench.run(10);

        bench.lake.put(day(1, 15, "a.parquet"), 10, second);
        bench.lake.put(day(1, 15, "c.parquet"), 10, second);
        bench.run(10);

        requireAccounted(2);
    }

    @Test
    void theCursorObjectIsRewritten() {
        history();
        int records = bench.topic.size();
        // The first object of the window, the one before it, and where the sweep stands.
        for (int day = 1; day <= 28; day++) {
            bench.lake.put(day(1, day, "00.parquet"), 11);
        }
        bench.run(60);

        requireAccounted(records + 28);
    }

    @Test
    void theCursorObjectIsDeleted() {
        history();
        int records = bench.topic.size();
        for (int day = 1; day <= 28; day++) {
            bench.lake.delete(day(1, day, "00.parquet"));
        }
        bench.run(60);

        requireAccounted(records + 28);
        assertThat(bench.topic.subList(records, records + 28))
                .allSatisfy(landed -> assertThat(landed.gone()).hasSize(1));
    }

    @Test
    void aSmallerKeyIsCommittedAfterABiggerOne() {
        bench.lake.put(day(1, 15, "9_0.parquet"), 10);
        bench.lake.put(day(1, 15, "9_1.parquet"), 10);
        bench.run(10);

        bench.lake.put(day(1, 15, "8_0.parquet"), 10);
        bench.run(10);
        bench.lake.put(day(1, 14, "8_0.parquet"), 10);
        bench.run(10);

        requireAccounted(3);
    }

    @Test
    void aNotificationIsLost() {
        history();
        int records = bench.topic.size();
        bench.lake.put(day(1, 28, "lost.parquet"), 10);
        bench.run(8);

        requireAccounted(records + 1);
    }

    @Test
    void aNotificationIsDoubled() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.poll.hurry();
        bench.turn();
        bench.poll.hurry();
        bench.turn();
        bench.run(60);

        requireAccounted(1);
    }

    @Test
    void aNotificationComesBeforeItsObject() {
        bench.run(1);
        bench.poll.hurry();
        bench.turn();
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(8);

        requireAccounted(1);
    }

    @Test
    void aNotificationOfAnOlderObjectComesLater() {
        bench.lake.put(day(1, 15, "b.parquet"), 10);
        bench.poll.hurry();
        bench.run(8);
        bench.lake.put(day(1, 15, "b.parquet"), 20);
        bench.lake.delete(day(1, 15, "b.parquet"));
        bench.poll.hurry();
        bench.run(8);

        assertThat(bench.topic).hasSize(2);
        assertThat(bench.topic.get(1).files()).isEmpty();
    }

    @Test
    void aNotificationIsAMinuteLate() {
        bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(60);
        bench.poll.hurry();
        bench.turn();
        bench.run(60);

        requireAccounted(1);
    }

    /** The reader refuses the version that was listed (LakeContract, MirrorCacheTest); the next look tells the new one. */
    @Test
    void anObjectIsOverwrittenBetweenListAndRead() {
        LakeFile listed = bench.lake.put(day(1, 15, "a.parquet"), 10);
        bench.run(10);
        bench.lake.put(listed.key(), 10, listed.lastModified());
        bench.run(10);

        requireAccounted(2);
        assertThat(bench.topic.get(1).files())
                .singleElement()
                .satisfies(file -> assertThat(file.etag()).isNotEqualTo(listed.etag()));
    }

    /** That its rows count once is the runner's: OrderPropertyTest, StreamRunnerTest. */
    @Test
    void aFailedAttemptLeavesDuplicateFiles() {
        bench.lake.put(day(1, 15, "7_0.parquet"), 10);
        bench.run(10);
        bench.lake.put(day(1, 15, "7_0.parquet-1"), 10);
        bench.lake.put(day(1, 15, "7_1.parquet"), 10);
        bench.run(10);

        requireAccounted(2);
        assertThat(bench.topic.get(1).files()).hasSize(3);
    }

    @Test
    void anObjectIsReplacedByASmallerMultipartUpload() {
        LakeFile whole =
                new LakeFile(day(1, 15, "a.parquet"), 9_000_000, "9b2cf535f27731c974343645a3985328", bench.now);
        bench.lake.files().put(whole.key(), whole);
        bench.run(10);
        bench.lake
                .files()
                .put(
                        whole.key(),
                        new LakeFile(whole.key(), 8_000_000, "d41d8cd98f00b204e9800998ecf8427e-2", bench.now));
        bench.run(10);

        requireAccounted(2);
        assertThat(bench.topic.get(1).files().get(0).size()).isEqualTo(8_000_000);
    }

    @Test
    void monthsAreUnpadded() {
        bench.lake.put(key("year=2026/month=9/day=30/a.parquet"), 10);
        bench.lake.put(key("year=2026/month=10/day=1/a.parquet"), 10);
        bench.run(10);
        bench.lake.put(key("year=2026/month=1/day=1/a.parquet"), 10);
        bench.run(10);

        requireAccounted(3);
        assertThat(bench.topic)
                .extracting(PartitionLanded::key)
                .contains("year=2026/month=1/day=1", "year=2026/month=10/day=1");
    }

    @Test
    void aPartitionFolderHoldsOneEmptyObject() {
        bench.lake.put(key("year=2026/month=01/day=15/"), 0);
        bench.run(60);

        assertThat(bench.topic).isEmpty();
    }

    @Test
    void aPageFailsInTheMiddleOfAListing() {
        Bench small = new Bench(10);
        for (int file = 0; file < 95; file++) {
            small.lake.put(day(1, 1 + file / 10, file + ".parquet"), 10);
        }
        small.run(20);
        int records = small.topic.size();
        small.lake.failsEvery = 3;
        small.restart();
        small.lake.put(day(1, 10, "new.parquet"), 10);
        small.run(600);
        small.lake.failsEvery = 0;
        small.run(600);

        assertThat(small.pollFailures).isPositive();
        assertThat(small.topic)
                .hasSize(records + 1)
                .allSatisfy(landed -> assertThat(landed.gone()).isEmpty());
        assertThat(small.known()).isEqualTo(small.landings());
    }

    @Test
    void theStoresClockIsAnHourOff() {
        for (int hours : new int[] {-1, 1}) {
            Bench skewed = new Bench();
            skewed.run(60);
            skewed.lake.put(day(1, 15, "a.parquet"), 10, skewed.now.plus(Duration.ofHours(hours)));
            skewed.run(10);
            assertThat(skewed.topic).as("%d hours, after two polls", hours).hasSize(1);
            skewed.lake.put(day(1, 15, "b.parquet"), 10, skewed.now.plus(Duration.ofHours(hours)));
            skewed.run(7_200);

            assertThat(skewed.topic).as("%d hours", hours).hasSize(2);
            assertThat(skewed.known()).isEqualTo(skewed.landings());
        }
    }

    /** More than a window: January's days, a hundred files each. */
    private void history() {
        LocalDate first = LocalDate.of(2026, 1, 1);
        for (int day = 0; day < 28; day++) {
            for (int file = 0; file < 100; file++) {
                String name = String.format("%02d.parquet", file);
                bench.lake.put(day(1, first.plusDays(day).getDayOfMonth(), name), 10, bench.now.minusSeconds(3_600));
            }
        }
        bench.run(60);
        assertThat(bench.topic).hasSize(28);
    }

    /** The topic is as the bucket, and this many records told it. */
    private void requireAccounted(int records) {
        assertThat(bench.known()).isEqualTo(bench.landings());
        assertThat(bench.topic).hasSize(records);
    }
}
