package dev.landfall.run;

import dev.landfall.project.Model;
import dev.landfall.project.ModelConfig;
import dev.landfall.template.Batch;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** dbt's microbatch models: built by spans of time, each of which replaces what the table has of it. */
final class Microbatch {
    private final Model model;
    private final Unit unit;

    /** The size of a batch. */
    enum Unit {
        HOUR(ChronoUnit.HOURS, "yyyyMMdd'T'HH"),
        DAY(ChronoUnit.DAYS, "yyyyMMdd"),
        MONTH(ChronoUnit.MONTHS, "yyyyMM"),
        YEAR(ChronoUnit.YEARS, "yyyy");

        private final ChronoUnit chrono;
        private final String id;

        Unit(ChronoUnit chrono, String id) {
            this.chrono = chrono;
            this.id = id;
        }

        OffsetDateTime floor(OffsetDateTime time) {
            return switch (this) {
                case HOUR, DAY -> time.truncatedTo(chrono);
                case MONTH -> time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1);
                case YEAR -> time.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1);
            };
        }

        OffsetDateTime ceiling(OffsetDateTime time) {
            return floor(time).equals(time) ? time : next(time, 1);
        }

        /** So many batches on, from the start of the batch of the time. */
        OffsetDateTime next(OffsetDateTime time, int batches) {
            return floor(time).plus(batches, chrono);
        }
    }

    Microbatch(Model model) {
        this.model = model;
        String size = model.config().text("batch_size").orElse("");
        try {
            this.unit = Unit.valueOf(size.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw fault("must provide a 'batch_size' config that is one of ['hour', 'day', 'month', 'year'], but got: "
                    + (size.isEmpty() ? "None" : size) + ".");
        }
        if (model.config().text("event_time").isEmpty()) {
            throw fault("must provide an 'event_time' (string) config: the column of its own table that holds the time"
                    + " of each row.");
        }
        if (!(model.config().uniqueKey() instanceof dev.landfall.project.UniqueKey.None)) {
            throw fault("has a unique_key, which microbatch does not use: rows are replaced by batches of event_time."
                    + " Remove 'unique_key', or use incremental_strategy='merge'.");
        }
    }

    static boolean is(Model model) {
        return model.materialized().equals("incremental") && Strategy.of(model).equals("microbatch");
    }

    /**
     * What is to be built, oldest first.
     *
     * @param incremental whether the table is there and goes on
     * @param from where the command line begins, or null
     * @param until where the command line ends, or null
     */
    List<Batch> plan(boolean incremental, @Nullable OffsetDateTime from, @Nullable OffsetDateTime until, Instant now) {
        OffsetDateTime end = unit.ceiling(until == null ? now.atOffset(ZoneOffset.UTC) : until);
        OffsetDateTime start = from == null ? start(incremental, end) : unit.floor(from);
        List<Batch> batches = new ArrayList<>();
        // As in dbt there is one batch at least, and the last one ends where the whole does.
        for (OffsetDateTime at = start; at.equals(start) || at.isBefore(end); at = unit.next(at, 1)) {
            OffsetDateTime next = unit.next(at, 1);
            batches.add(new Batch(
                    at.format(DateTimeFormatter.ofPattern(unit.id, Locale.ROOT)), at, next.isBefore(end) ? next : end));
        }
        return batches;
    }

    private OffsetDateTime start(boolean incremental, OffsetDateTime end) {
        if (!incremental) {
            Object begin = model.config().get("begin");
            if (begin == null) {
                throw fault("must provide a 'begin' (datetime) config: where its first batch starts.");
            }
            return unit.floor(time(begin.toString()));
        }
        // The end is where a batch ends: one more to come to where the last one starts.
        return unit.next(end, -(model.config().integer("lookback").orElse(1) + 1));
    }

    private OffsetDateTime time(String text) {
        try {
            return parse(text);
        } catch (DateTimeParseException e) {
            throw fault("has a 'begin' that is no time: " + text);
        }
    }

    /** A date, or a date and a time, with or without an offset; UTC where it has none. */
    static OffsetDateTime parse(String text) {
        String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) +", "$1T");
        if (iso.length() == 10) {
            return LocalDate.parse(iso).atStartOfDay().atOffset(ZoneOffset.UTC);
        }
        return iso.matches(".*(Z|[+-]\\d{2}:?\\d{2})$")
                ? OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC)
                : LocalDateTime.parse(iso).atOffset(ZoneOffset.UTC);
    }

    /** The model as it is built for one batch: hooks run before the first and after the last one. */
    Model part(int index, int count) {
        Map<String, @Nullable Object> values =
                new LinkedHashMap<>(model.config().values());
        if (index > 0) {
            values.remove("pre-hook");
            values.put("full_refresh", false);
        }
        if (index < count - 1) {
            values.remove("post-hook");
        }
        return new Model(model.definition(), new ModelConfig(values), model.relation(), model.dependencies());
    }

    private ModelFaultException fault(String problem) {
        return new ModelFaultException(
                RunContext.label(model) + ": Microbatch model '" + model.name() + "' " + problem);
    }
}
