package dev.landfall.standalone;

import dev.landfall.lake.Partition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * The days that a Hive partition stands for, told by its keys: {@code year=2026/month=01/day=15} a day, {@code
 * year=2026/month=01} a month, {@code date=2026-01-15} a day whatever the key is called.
 */
record PartitionDates(LocalDate first, LocalDate last) {

    /** Empty when nothing in the partition is a date. */
    static Optional<PartitionDates> of(Partition partition) {
        Map<String, String> values = partition.values();
        try {
            if (values.containsKey("year")) {
                return Optional.of(byKeys(values));
            }
            return values.values().stream()
                    .filter(value -> value.matches("\\d{4}(-\\d{2}){0,2}"))
                    .findFirst()
                    .map(PartitionDates::parse);
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** A day, a month or a year as one writes it: {@code 2026-01-15}, {@code 2026-01}, {@code 2026}. */
    static PartitionDates parse(String text) {
        if (text.matches("\\d{4}")) {
            Year year = Year.parse(text);
            return new PartitionDates(year.atDay(1), year.atMonth(12).atEndOfMonth());
        }
        if (text.matches("\\d{4}-\\d{2}")) {
            YearMonth month = YearMonth.parse(text);
            return new PartitionDates(month.atDay(1), month.atEndOfMonth());
        }
        try {
            LocalDate day = LocalDate.parse(text);
            return new PartitionDates(day, day);
        } catch (DateTimeParseException e) {
            throw new DateTimeException("'" + text + "' is no date of the form 2026-01-31, 2026-01 or 2026", e);
        }
    }

    private static PartitionDates byKeys(Map<String, String> values) {
        int year = Integer.parseInt(values.getOrDefault("year", ""));
        String month = values.get("month");
        String day = values.get("day");
        if (month == null) {
            return new PartitionDates(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31));
        }
        YearMonth ofYear = YearMonth.of(year, Integer.parseInt(month));
        return day == null
                ? new PartitionDates(ofYear.atDay(1), ofYear.atEndOfMonth())
                : new PartitionDates(ofYear.atDay(Integer.parseInt(day)), ofYear.atDay(Integer.parseInt(day)));
    }

    boolean overlaps(LocalDate from, LocalDate to) {
        return !last.isBefore(from) && !first.isAfter(to);
    }
}
