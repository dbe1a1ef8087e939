package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.Layout.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    private static final Layout LAYOUT = new Layout("raw/shop/things/");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "year=2026/month=01/day=15/a.parquet",
                "a.parquet",
                "2026_01_15_1700000000_0.parquet",
                "month=1/0.parquet-1",
                "dt=2026-01-15/x.jsonl",
                "dt=2026-01-15/x.jsonl.gz",
                "x.csv",
                "x.csv.gz-12",
                "X.PARQUET",
                "day=1/with space.parquet"
            })
    void takesDataFiles(String below) {
        assertThat(kind(below, 1)).isEqualTo(Kind.LANDING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "__airbyte_tmp/a.parquet",
                "year=2026/__airbyte_tmp/x",
                "day=1/.a.parquet.tmp",
                ".hidden/a.parquet"
            })
    void leavesWhatWritersHaveNotFinished(String below) {
        assertThat(kind(below, 1)).isEqualTo(Kind.TEMPORARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_SUCCESS",
                "day=1/a.txt",
                "day=1/a.parquet.tmp",
                "day=1/a.parquet-x",
                "day=1/parquet",
                "day=1/.parquet/../a.parquet",
                "day=1//a.parquet",
                "../a.parquet"
            })
    void countsWhatItDoesNotKnow(String below) {
        assertThat(kind(below, 1)).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void doesNotTakeEmptyObjects() {
        assertThat(kind("day=1/a.parquet", 0)).isEqualTo(Kind.EMPTY);
        assertThat(kind("day=1/", 0)).isEqualTo(Kind.EMPTY);
    }

    @Test
    void tellsFolderAndPartitionOfAnObject() {
        assertThat(LAYOUT.folder("raw/shop/things/day=1/a.parquet")).isEqualTo("raw/shop/things/day=1/");
        assertThat(LAYOUT.partition("raw/shop/things/day=1/a=b.parquet").path()).isEqualTo("day=1");
        assertThat(LAYOUT.partition("raw/shop/things/a.parquet")).isEqualTo(Partition.NONE);
        assertThatThrownBy(() -> LAYOUT.partition("raw/shop/other/a.parquet"))
                .hasMessageContaining("does not lie below");
    }

    private static Kind kind(String below, long size) {
        return LAYOUT.kind(new LakeFile("raw/shop/things/" + below, size, "e", Instant.EPOCH));
    }
}
