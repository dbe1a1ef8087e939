package dev.landfall.standalone;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.Partition;
import dev.landfall.standalone.RunningSystem.Landed;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that choose landings of a stream; those that are given must all hold. */
final class LandingRange {
    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "Partitions of this day, month or year and later: 2026-01-31, 2026-01, 2026.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "DATE", description = "Partitions up to and with this day, month or year.")
    private @Nullable String to;

    @Option(
            names = "--partition",
            paramLabel = "PATH",
            description = "This partition: year=2026/month=01/day=31. May be repeated.")
    private List<String> partitions = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "What the sensor saw at this time and later: 2026-01-31T10:00:00, local unless it ends with Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "What the sensor saw before this time.")
    private @Nullable String until;

    @Option(names = "--from-offset", paramLabel = "N", description = "Records of the landed topic from this offset on.")
    private @Nullable Long fromOffset;

    @Option(names = "--to-offset", paramLabel = "N", description = "Records up to and with this offset.")
    private @Nullable Long toOffset;

    /** Whether no flag is given: everything that ever landed. */
    boolean isEverything() {
        return from == null
                && to == null
                && partitions.isEmpty()
                && since == null
                && until == null
                && fromOffset == null
                && toOffset == null;
    }

    /**
     * The paths of the partitions that are meant, in the order of the topic.
     *
     * @throws IllegalArgumentException when a flag is not understood, or does not fit the stream's partitions
     */
    List<String> choose(List<Landed> landed) {
        LocalDate first = from == null ? LocalDate.MIN : date(from, "--from").first();
        LocalDate last = to == null ? LocalDate.MAX : date(to, "--to").last();
        Instant earliest = since == null ? Instant.MIN : time(since, "--since");
        Instant latest = until == null ? Instant.MAX : time(until, "--until");
        Set<String> wanted = new LinkedHashSet<>();
        partitions.forEach(path -> wanted.add(Partition.of(path).path()));
        Set<String> chosen = new LinkedHashSet<>();
        for (Landed each : landed) {
            if (each.landing().isEmpty()
                    || (fromOffset != null && each.offset() < fromOffset)
                    || (toOffset != null && each.offset() > toOffset)) {
                continue;
            }
            PartitionLanded landing = each.landing().get();
            Partition partition = new Partition(landing.partition());
            boolean inTime = !landing.detectedAt().isBefore(earliest)
                    && landing.detectedAt().isBefore(latest);
            if (inTime && (wanted.isEmpty() || wanted.contains(partition.path())) && isIn(partition, first, last)) {
                chosen.add(partition.path());
            }
        }
        Set<String> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(chosen);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "partition " + String.join(", ", missing)
                            + " has not landed (as far as the other flags go); the sensor writes paths as in year=2026/month=01");
        }
        return List.copyOf(chosen);
    }

    private boolean isIn(Partition partition, LocalDate first, LocalDate last) {
        if (from == null && to == null) {
            return true;
        }
        Optional<PartitionDates> dates = PartitionDates.of(partition);
        if (dates.isEmpty()) {
            throw new IllegalArgumentException("partition " + partition.path()
                    + " has no date that --from and --to could be held against; use --partition, --since or --until");
        }
        return dates.get().overlaps(first, last);
    }

    private static PartitionDates date(String text, String flag) {
        try {
            return PartitionDates.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(flag + ": " + e.getMessage(), e);
        }
    }

    /** A time with its offset, or a local one. */
    static Instant time(String text, String flag) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException noOffset) {
            try {
                return text.length() == "2026-01-31".length()
                        ? LocalDate.parse(text)
                                .atStartOfDay(ZoneId.systemDefault())
                                .toInstant()
                        : LocalDateTime.parse(text.replace(' ', 'T'))
                                .atZone(ZoneId.systemDefault())
                                .toInstant();
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        flag + ": '" + text + "' is no time of the form 2026-01-31T10:00:00 or 2026-01-31T10:00:00Z",
                        e);
            }
        }
    }
}
