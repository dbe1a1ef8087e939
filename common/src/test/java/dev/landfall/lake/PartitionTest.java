package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionTest {
    @Test
    void keepsKeysInTheOrderOfThePath() {
        Partition partition = Partition.of("year=2026/month=01/day=15/");

        assertThat(partition.values().keySet()).containsExactly("year", "month", "day");
        assertThat(partition.path()).isEqualTo("year=2026/month=01/day=15");
    }

    @Test
    void takesAnyKeysPaddedOrNot() {
        assertThat(Partition.of("region=eu/dt=2026-01-15").path()).isEqualTo("region=eu/dt=2026-01-15");
        assertThat(Partition.of("month=1").path()).isEqualTo("month=1");
        assertThat(Partition.of("month=1")).isNotEqualTo(Partition.of("month=01"));
        assertThat(Partition.of("day=").values()).isEqualTo(Map.of("day", ""));
    }

    @Test
    void isNoneWithoutHiveKeys() {
        for (String folder : List.of("", "/", "a/b/", "=x/", "a=b=c/")) {
            assertThat(Partition.of(folder)).as(folder).isEqualTo(Partition.NONE);
        }
        assertThat(Partition.NONE.path()).isEqualTo("_");
    }

    @Test
    void sortsByTimePaddedOrNot() {
        List<String> oldestFirst = List.of(
                "_",
                "year=2025/month=12/day=31",
                "year=2026",
                "year=2026/month=1/day=9",
                "year=2026/month=01/day=10",
                "year=2026/month=9/day=10",
                "year=2026/month=10/day=9",
                "year=2026/month=10/day=009876543210987654321",
                "year=2026/month=10/day=9876543210987654322",
                "year=2026/month=9f",
                "year=2026/month=x",
                "year=2026-10-01");

        assertThat(oldestFirst.stream().map(Partition::of).sorted(Collections.reverseOrder()))
                .extracting(Partition::path)
                .containsExactlyElementsOf(reversed(oldestFirst));
        assertThat(Partition.of("month=1")).isEqualByComparingTo(Partition.of("month=01"));
    }

    private static List<String> reversed(List<String> list) {
        List<String> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    @Test
    void ignoresFoldersBetweenItsKeys() {
        assertThat(Partition.of("v2/year=2026/part/month=01/").path()).isEqualTo("year=2026/month=01");
    }

    @Test
    void decodesValuesAsDuckDbDoesAndKeepsPathsApart() {
        assertThat(Partition.of("city=S%C3%A3o%20Paulo").values()).isEqualTo(Map.of("city", "São Paulo"));
        assertThat(Partition.of("rate=5%").values()).isEqualTo(Map.of("rate", "5%"));
        assertThat(Partition.of("a=1%2Fb%3D2").path()).isEqualTo("a=1%2Fb%3D2");
        assertThat(Partition.of("a=x#2").path()).isEqualTo("a=x%232");
        assertThat(Partition.of(Partition.of("a=%25%23%2f%0a").path())).isEqualTo(Partition.of("a=%25%23%2f%0a"));
    }

    @Test
    void daysOfTenYearsHaveHashesOfTheirOwn() {
        Set<Integer> hashes = new HashSet<>();
        LocalDate first = LocalDate.of(2020, 1, 1);

        first.datesUntil(first.plusDays(3_650))
                .map(day -> Partition.of(String.format(
                        Locale.ROOT,
                        "year=%04d/month=%02d/day=%02d",
                        day.getYear(),
                        day.getMonthValue(),
                        day.getDayOfMonth())))
                .forEach(partition -> hashes.add(partition.hashCode()));

        assertThat(hashes).hasSizeGreaterThan(3_640);
        assertThat(Partition.of("year=2026/day=15")).hasSameHashCodeAs(Partition.of("day=15/year=2026"));
    }
}
