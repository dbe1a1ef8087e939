package dev.landfall.run;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelFailed;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.project.Model;
import dev.landfall.project.Project;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.WarehouseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run of a core model has done so far, and what it tells of it: its events, its warnings, its history. */
final class CoreReport {
    private static final Logger LOG = LoggerFactory.getLogger(CoreReport.class);

    private final CoreTask task;
    private final RunContext context;
    private final Project project;
    private final Model model;
    private final String runId = RunContext.newRunId();
    private final Instant startedAt = Instant.now();
    private final List<DeadLettered> dead = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> manifests = new LinkedHashSet<>();
    private long inserted;
    private long deleted;
    private long filesRead;
    private long bytesRead;
    private int commits;
    private @Nullable ModelMaterialized last;

    CoreReport(CoreTask task) {
        this.task = task;
        this.context = task.context();
        this.project = task.project();
        this.model = task.model();
    }

    String runId() {
        return runId;
    }

    Instant startedAt() {
        return startedAt;
    }

    /** Transactions of this run that stand. */
    int commits() {
        return commits;
    }

    /** Rows of the table after this run's last transaction; empty before the first. */
    OptionalLong rows() {
        return last == null ? OptionalLong.empty() : OptionalLong.of(last.rowsTotal());
    }

    /** Files were read whose rows are committed later. */
    void read(long files, long bytes) {
        filesRead += files;
        bytesRead += bytes;
    }

    /** What was read so far is read again. */
    void readAnew() {
        filesRead = 0;
        bytesRead = 0;
    }

    void bury(LandedFile landed, String reason) {
        dead.add(new DeadLettered(
                model.uniqueId(),
                task.streamName(),
                landed.bucket(),
                landed.file(),
                landed.partition().path(),
                reason,
                Instant.now()));
    }

    void warn(String text) {
        if (context.tellsFirst(model.uniqueId(), text.replaceAll("\\d+", "#"))) {
            warnings.add(task.label() + ": " + text);
        }
    }

    /**
     * The event of a transaction that is about to commit: of everything that this run did.
     *
     * @param files whose rows it brings
     * @param filesMore how many were read for it, and were not told of by {@link #read}
     * @param bytesMore the same in bytes
     */
    ModelMaterialized event(
            Materializer.Outcome outcome,
            List<LandedFile> files,
            boolean fullRefresh,
            long total,
            long filesMore,
            long bytesMore,
            long applied) {
        Set<String> landings = new LinkedHashSet<>(manifests);
        files.forEach(landed -> landings.add(landed.manifest()));
        return new ModelMaterialized(
                model.uniqueId(),
                model.relation().sql(),
                "core",
                task.streamName(),
                runId,
                List.copyOf(landings),
                task.lane().more(),
                fullRefresh,
                inserted + outcome.inserted(),
                deleted + outcome.deleted(),
                total,
                filesRead + filesMore,
                applied,
                bytesRead + bytesMore,
                startedAt,
                Instant.now(),
                commits == 0 ? runId : runId + "." + commits,
                Map.of(),
                project.checksum());
    }

    void committed(ModelMaterialized event) {
        commits++;
        inserted = event.rowsInserted();
        deleted = event.rowsDeleted();
        filesRead = event.filesRead();
        bytesRead = event.bytesRead();
        manifests.addAll(event.landings());
        last = event;
    }

    RunResult succeeded() {
        ModelMaterialized made = last;
        if (made != null) {
            return new RunResult.Succeeded(made, List.copyOf(dead), List.copyOf(warnings), false);
        }
        Optional<ModelMaterialized> before = task.state().build().flatMap(CoreReport::eventOf);
        if (before.isPresent()) {
            return new RunResult.Succeeded(withMore(before.get()), List.copyOf(dead), List.copyOf(warnings), true);
        }
        return dead.isEmpty()
                ? new RunResult.Skipped(model.uniqueId(), "none of its files is in the lake any more")
                : failed("no file of the landing can be read: " + dead.get(0).reason(), false, List.of());
    }

    RunResult nothingToDo() {
        Optional<ModelMaterialized> last = task.state().build().flatMap(CoreReport::eventOf);
        if (last.isEmpty()) {
            return new RunResult.Skipped(model.uniqueId(), "nothing has landed that it has not applied");
        }
        return new RunResult.Succeeded(withMore(last.get()), List.of(), List.copyOf(warnings), true);
    }

    private static Optional<ModelMaterialized> eventOf(Ledger.Build build) {
        try {
            return build.event().isEmpty()
                    ? Optional.empty()
                    : Optional.of(EventJson.read(ModelMaterialized.class, build.event()));
        } catch (EventException e) {
            LOG.warn("the ledger's event of {} cannot be read: {}", build.model(), e.getMessage());
            return Optional.empty();
        }
    }

    private ModelMaterialized withMore(ModelMaterialized e) {
        return new ModelMaterialized(
                e.model(),
                e.relation(),
                e.layer(),
                e.stream(),
                e.runId(),
                e.landings(),
                task.lane().more(),
                e.fullRefresh(),
                e.rowsInserted(),
                e.rowsDeleted(),
                e.rowsTotal(),
                e.filesRead(),
                e.filesTotal(),
                e.bytesRead(),
                e.startedAt(),
                e.finishedAt(),
                e.version(),
                e.parentVersions(),
                e.projectChecksum());
    }

    RunResult failed(String error, boolean retryable, List<LandedFile> files) {
        String label = task.label();
        List<String> partitions = files.stream()
                .map(landed -> landed.partition().path())
                .distinct()
                .toList();
        String message = (error.startsWith(label) ? "" : label + ": ")
                + error
                + (partitions.isEmpty()
                        ? ""
                        : "\n  while it ran for "
                                + String.join(", ", partitions.subList(0, Math.min(5, partitions.size())))
                                + (partitions.size() > 5 ? " and " + (partitions.size() - 5) + " more" : ""));
        if (task.holdsLane()) {
            remember(message);
        }
        return new RunResult.Failed(
                new ModelFailed(
                        model.uniqueId(),
                        "core",
                        task.streamName(),
                        runId,
                        partitions,
                        message,
                        retryable,
                        startedAt,
                        Instant.now(),
                        project.checksum()),
                List.copyOf(dead));
    }

    /** Keeps the failure in the history, where that is possible. */
    private void remember(String error) {
        try {
            context.warehouse().with(task.label(), session -> {
                task.ledger(session)
                        .add(new Ledger.Run(
                                runId,
                                model.uniqueId(),
                                "core",
                                task.streamName(),
                                "failed",
                                startedAt,
                                Instant.now(),
                                inserted,
                                deleted,
                                -1,
                                filesRead,
                                bytesRead,
                                false,
                                error,
                                project.checksum()));
                return true;
            });
        } catch (WarehouseException e) {
            LOG.debug("the failure of {} is not in the history: {}", model.name(), e.getMessage());
        }
    }
}
