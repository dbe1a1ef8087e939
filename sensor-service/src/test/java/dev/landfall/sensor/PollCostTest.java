package dev.landfall.sensor;

import static dev.landfall.sensor.Bench.day;
import static dev.landfall.sensor.Bench.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** How many listings a poll costs, and what it finds how soon. */
class PollCostTest {
    private final Bench bench = new Bench();

    @Test
    void listsEverythingOnceAtTheStart() {
        Bench slow = new Bench(10);
        for (int i = 0; i < 5_000; i++) {
            slow.lake.put(key("year=2026/month=01/day=15/" + i + ".parquet"), 10, slow.now.minusSeconds(3_600));
        }
        while (!slow.poll.isListed()) {
            slow.now = slow.now.plusSeconds(6);
            assertThat(slow.turn()).isTrue();
        }

        assertThat(slow.lake.pages).isEqualTo(500);
    }

    @Test
    void costsOnePageForASmallStream() {
        history(LocalDate.of(2026, 1, 15), 30, 24);

        assertThat(pagesOfAPoll()).isEqualTo(1);
    }

    @Test
    void costsOnePageAndOneOfTheSweepForABigStream() {
        history(LocalDate.of(2026, 1, 15), 1_000, 24);

        assertThat(pagesOfAPoll()).isEqualTo(2);
    }

    @Test
    void findsWhatLandsInTheNewestPartitionsWithThePoll() {
        history(LocalDate.of(2026, 1, 15), 400, 24);
        int records = bench.topic.size();

        bench.lake.put(day(1, 16, "new.parquet"), 10);
        bench.lake.put(day(1, 15, "late.parquet"), 10);
        bench.lake.put(day(1, 14, "later.parquet"), 10);
        bench.run(8);

        assertThat(bench.topic).hasSize(records + 3);
    }

    @Test
    void findsALateFileInAnOldPartitionWithinACycle() {
        history(LocalDate.of(2026, 1, 15), 400, 24);
        int records = bench.topic.size();

        bench.lake.put(key("year=2025/month=01/day=15/late.parquet"), 10);
        bench.lake.delete(key("year=2025/month=03/day=01/00.parquet"));
        bench.run(120);

        assertThat(bench.topic).hasSize(records + 2);
        assertThat(bench.known()).isEqualTo(bench.landings());
    }

    @Test
    void sweepsMorePagesWhereTheCycleWouldBeTooLong() {
        bench.rhythm =
                new StreamPoll.Rhythm(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(5), false);
        bench.restart();
        history(LocalDate.of(2026, 1, 15), 800, 24);

        assertThat(pagesOfAPoll()).isEqualTo(1 + 4);
    }

    /** As on a machine that has too much to do: the newest folders go first, and the cycle is kept. */
    @Test
    void leavesTheSweepOutOfALatePollAsLongAsItsCycleAllows() {
        history(LocalDate.of(2026, 1, 15), 400, 24);
        bench.lake.put(key("year=2025/month=06/day=15/late.parquet"), 10);
        int records = bench.topic.size();
        int before = bench.lake.pages;

        int polls = 0;
        for (Instant end = bench.now.plus(bench.rhythm.sweepCycle()); bench.now.isBefore(end); polls++) {
            bench.now = bench.now.plusSeconds(6);
            assertThat(bench.turn()).isTrue();
        }

        assertThat(bench.lake.pages - before).isBetween(polls + 10, polls + 30);
        assertThat(bench.topic).hasSize(records + 1);
    }

    @Test
    void looksLessOftenWhereNothingHappens() {
        bench.rhythm =
                new StreamPoll.Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(60), false);
        bench.restart();
        history(LocalDate.of(2026, 1, 15), 10, 10);

        assertThat(pagesWithin(Duration.ofSeconds(60))).isBetween(11, 12);
        bench.run(Duration.ofHours(1));
        assertThat(pagesWithin(Duration.ofSeconds(60))).isEqualTo(2);

        bench.poll.hurry();
        bench.lake.put(day(1, 15, "new.parquet"), 10);
        bench.turn();
        bench.run(5);
        assertThat(pagesWithin(Duration.ofSeconds(60))).isBetween(11, 13);
    }

    @Test
    void findsTheNewestOfUnpaddedMonths() {
        for (int month = 1; month <= 12; month++) {
            for (int i = 0; i < 200; i++) {
                bench.lake.put(key("month=" + month + "/" + i + ".parquet"), 10, bench.now.minusSeconds(3_600));
            }
        }
        bench.run(60);
        int records = bench.topic.size();
        bench.lake.put(key("month=12/new.parquet"), 10);
        bench.lake.put(key("month=13/new.parquet"), 10);
        bench.run(8);

        assertThat(bench.topic).hasSize(records + 2);
    }

    @Test
    void seesThatMonthsAreUnpaddedBeforeTheTenth() {
        for (int month = 1; month <= 9; month++) {
            for (int i = 0; i < 200; i++) {
                bench.lake.put(key("month=" + month + "/" + i + ".parquet"), 10, bench.now.minusSeconds(3_600));
            }
        }
        bench.run(60);
        int records = bench.topic.size();
        bench.lake.put(key("month=10/new.parquet"), 10);
        bench.run(8);

        assertThat(bench.topic).hasSize(records + 1);
    }

    @Test
    void findsTheNewestOfEachBranch() {
        for (String region : new String[] {"eu", "us"}) {
            for (int day = 10; day < 30; day++) {
                for (int i = 0; i < 50; i++) {
                    bench.lake.put(
                            key("region=" + region + "/dt=2026-01-" + day + "/" + i + ".parquet"),
                            10,
                            bench.now.minusSeconds(3_600));
                }
            }
        }
        bench.run(60);
        int records = bench.topic.size();
        bench.lake.put(key("region=eu/dt=2026-01-30/new.parquet"), 10);
        bench.lake.put(key("region=us/dt=2026-01-29/new.parquet"), 10);
        bench.run(8);

        assertThat(bench.topic).hasSize(records + 2);
    }

    @Test
    void listsTheNewestFoldersOneByOneWhereTheStoreIsAFileSystem() {
        bench.rhythm =
                new StreamPoll.Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMinutes(60), true);
        bench.restart();
        history(LocalDate.of(2026, 1, 15), 400, 24);
        int records = bench.topic.size();
        bench.lake.folderCalls = 0;

        assertThat(pagesOfAPoll()).isEqualTo(3 + 1);
        assertThat(bench.lake.folderCalls).isEqualTo(3);
        bench.lake.put(day(1, 16, "new.parquet"), 10);
        bench.run(8);
        assertThat(bench.topic).hasSize(records + 1);
    }

    @Test
    void isNotBlindedByAPartitionOfTheFarFuture() {
        history(LocalDate.of(2026, 1, 15), 400, 24);
        for (int i = 0; i < 3_000; i++) {
            bench.lake.put(key("year=2206/month=01/day=1" + i % 3 + "/" + i + ".parquet"), 10);
        }
        bench.run(300);
        int records = bench.topic.size();

        bench.lake.put(day(1, 15, "new.parquet"), 10);
        bench.run(8);

        assertThat(bench.topic).hasSize(records + 1);
    }

    private void history(LocalDate newest, int days, int filesPerDay) {
        for (int day = 0; day < days; day++) {
            LocalDate date = newest.minusDays(day);
            for (int i = 0; i < filesPerDay; i++) {
                bench.lake.put(
                        key(String.format(
                                "year=%d/month=%02d/day=%02d/%02d.parquet",
                                date.getYear(), date.getMonthValue(), date.getDayOfMonth(), i)),
                        10,
                        bench.now.minusSeconds(3_600));
            }
        }
        bench.run(60);
        assertThat(bench.poll.isListed()).isTrue();
        assertThat(bench.topic).hasSize(days);
    }

    private int pagesOfAPoll() {
        return pagesWithin(bench.rhythm.poll());
    }

    private int pagesWithin(Duration time) {
        int before = bench.lake.pages;
        bench.run(time);
        return bench.lake.pages - before;
    }
}
