package dev.landfall.run;

import dev.landfall.event.ColumnChanged;
import dev.landfall.lake.Partition;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamName;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The columns that the files of a stream were seen to have, against those of one shape. */
final class StreamColumns {
    private static final Ledger.Place NOWHERE = new Ledger.Place(Partition.NONE, 0);

    private final StreamName stream;
    private final Session session;
    private final Ledger ledger;
    private final Project project;
    private final List<Ledger.Column> known;
    private final FileShape shape;
    private final Ledger.Place oldest;
    private final Ledger.Place newest;

    /** @param known the ledger's columns of the stream */
    StreamColumns(
            StreamName stream,
            Session session,
            Ledger ledger,
            Project project,
            List<Ledger.Column> known,
            FileShape shape) {
        this.stream = stream;
        this.session = session;
        this.ledger = ledger;
        this.project = project;
        this.shape = shape;
        this.known = shape.columns().isEmpty() ? List.of() : known;
        this.oldest = places().min(Comparator.naturalOrder()).orElse(NOWHERE);
        this.newest = places().max(Comparator.naturalOrder()).orElse(NOWHERE);
    }

    private Stream<Ledger.Place> places() {
        return shape.files().stream().map(Ledger.Place::of);
    }

    /** Remembers what is new and gives what is to be told; a stream's first files say nothing new. */
    List<ColumnChanged> notice() {
        List<ColumnChanged> changes = new ArrayList<>();
        List<Ledger.Column> seen = new ArrayList<>();
        boolean first = known.isEmpty();
        shape.columns().forEach((name, type) -> {
            Optional<Ledger.Column> same = known.stream()
                    .filter(column -> column.is(name) && column.type().equals(type))
                    .findFirst();
            if (same.isEmpty() || oldest.compareTo(same.get().firstPlace()) < 0) {
                seen.add(new Ledger.Column(name, type, oldest));
            }
            if (same.isEmpty() && !first) {
                String before = typeOf(name);
                changes.add(changed(name, before == null ? "added" : "retyped", type, before));
            }
        });
        ledger.seen(stream.toString(), seen);
        vanished().forEach((name, type) -> changes.add(changed(name, "vanished", type, type)));
        return changes;
    }

    /** Columns that older files have and these have not. */
    Map<String, String> vanished() {
        return missing(column -> column.firstPlace().compareTo(newest) <= 0);
    }

    /** Columns that the stream got later than these files. */
    Map<String, String> notYet() {
        Map<String, String> later = missing(column -> true);
        later.keySet().removeAll(vanished().keySet());
        return later;
    }

    /** Columns that older files have of another type, and none of this one, in words. */
    String retyped() {
        return shape.columns().entrySet().stream()
                .filter(column -> known.stream()
                        .anyMatch(each -> each.is(column.getKey())
                                && !each.type().equals(column.getValue())
                                && each.firstPlace().compareTo(newest) <= 0))
                .filter(column -> known.stream()
                        .noneMatch(each -> each.is(column.getKey())
                                && each.type().equals(column.getValue())
                                && each.firstPlace().compareTo(oldest) < 0))
                .map(column -> column.getKey() + " is " + column.getValue() + " and was " + typeOf(column.getKey()))
                .collect(Collectors.joining(", "));
    }

    private Map<String, String> missing(Predicate<Ledger.Column> wanted) {
        Map<String, String> missing = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        known.stream()
                .filter(column -> !shape.columns().containsKey(column.name()))
                .filter(wanted)
                .forEach(column -> missing.put(column.name(), column.type()));
        return missing;
    }

    private @Nullable String typeOf(String name) {
        return known.stream()
                .filter(column -> column.is(name))
                .min(Comparator.comparing(Ledger.Column::firstPlace))
                .map(Ledger.Column::type)
                .orElse(null);
    }

    private ColumnChanged changed(String column, String change, String type, @Nullable String before) {
        LandedFile example = shape.files().get(0);
        return new ColumnChanged(
                stream.toString(),
                column,
                change,
                type,
                before,
                example.partition().path(),
                example.key(),
                models(column, !change.equals("added")),
                Instant.now(),
                project.checksum());
    }

    /** The stream's models whose tables have the column, or have it not. */
    private List<String> models(String column, boolean having) {
        return project.modelsOf(stream).stream()
                .filter(model -> !model.ephemeral())
                .filter(model -> has(model.relation(), column) == having)
                .map(Model::name)
                .toList();
    }

    private boolean has(Relation relation, String column) {
        return session.columns(relation).stream().anyMatch(each -> each.name().equalsIgnoreCase(column));
    }
}
