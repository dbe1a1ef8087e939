package dev.landfall.run;

import dev.landfall.jinja.JinjaException;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeException;
import dev.landfall.lake.LakeFile;
import dev.landfall.project.Model;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** Works files off in batches, a transaction each, and finds those that fail. */
final class FileBatches {
    /** So many files alone must fail before the model is blamed, when it never worked before. */
    private static final int PROBES = 3;

    private final CoreTask task;
    private final CoreReport report;
    private final CoreTable table;
    private final RunContext context;
    private final Model model;
    private final LakeView lake;
    private final Writer writer;
    private final boolean atOnce;
    /** What is not in the table yet, and may be to blame. */
    private final Set<LandedFile> fresh;
    /** Lots of files that the model has worked on before; asked for only where one must be tried again. */
    private final Supplier<List<List<LandedFile>>> known;

    private final Deque<List<LandedFile>> queue = new ArrayDeque<>();
    private final Map<LandedFile, RuntimeException> bad = new LinkedHashMap<>();
    private boolean proven;
    private boolean tried;
    private boolean paused;
    private boolean newestWentFirst;

    /** Writes one batch within one transaction. */
    interface Writer {
        void write(List<LandedFile> batch, boolean last);
    }

    /** All files must be read by one statement. */
    static final class AtOnce extends RuntimeException {
        AtOnce() {
            super("at once", null, false, false);
        }
    }

    /** Files of a batch have different columns. */
    static final class SeveralShapes extends RuntimeException {
        private final transient List<FileShape> shapes;

        SeveralShapes(List<FileShape> shapes) {
            super("several shapes", null, false, false);
            this.shapes = shapes;
        }
    }

    /** The end of a transaction that was only to be seen to work. */
    static final class Probed extends RuntimeException {
        Probed() {
            super("probed", null, false, false);
        }
    }

    /** What the model should be tried on cannot be read now. */
    private static final class TrialException extends RuntimeException {
        TrialException(RuntimeException cause) {
            super(message(cause), cause);
        }
    }

    FileBatches(
            CoreTable table,
            List<LandedFile> files,
            List<LandedFile> fresh,
            Supplier<List<List<LandedFile>>> known,
            Writer writer,
            boolean atOnce) {
        this.table = table;
        this.task = table.task();
        this.report = table.report();
        this.context = task.context();
        this.model = task.model();
        this.lake = table.lake();
        this.writer = writer;
        this.atOnce = atOnce;
        this.fresh = Set.copyOf(fresh);
        this.known = known;
        this.proven = same(Ledger.Build::projectChecksum, task.project().checksum());
        queue.addAll(
                atOnce
                        ? List.of(files)
                        : LandingFiles.batches(files, context.settings().maxBatchBytes()));
    }

    /** Whether the last call of {@link #run} stopped before the end because it was asked to. */
    boolean paused() {
        return paused;
    }

    /** May be called again when it paused, or failed and that may pass. */
    Optional<RunResult> run(BooleanSupplier pause) {
        try {
            return work(pause);
        } catch (TrialException e) {
            return Optional.of(report.failed(message(e), true, List.copyOf(bad.keySet())));
        }
    }

    /** What follows another one's batches takes its word that the model works. */
    FileBatches after(FileBatches earlier) {
        proven |= earlier.proven;
        return this;
    }

    private Optional<RunResult> work(BooleanSupplier pause) {
        paused = false;
        for (int done = 0; !queue.isEmpty(); done++) {
            if (done > 0 && pause.getAsBoolean()) {
                paused = true;
                return Optional.empty();
            }
            List<LandedFile> batch = queue.pop();
            try {
                write(batch);
                proven = true;
            } catch (SeveralShapes e) {
                for (int i = e.shapes.size() - 1; i >= 0; i--) {
                    push(e.shapes.get(i).files());
                }
                done--;
            } catch (LakeException e) {
                List<LandedFile> still = e.reason() == LakeException.Reason.CHANGED ? stillThere(batch) : batch;
                if (still.size() == batch.size()) {
                    push(batch);
                    return Optional.of(report.failed(message(e), true, batch));
                }
                // What was replaced or is gone comes with a newer landing, or never.
                push(still);
            } catch (JinjaException | ModelFaultException | WarehouseException e) {
                Optional<RunResult> end = handle(e, batch);
                if (end.isPresent()) {
                    return end;
                }
            } catch (Waiting e) {
                return Optional.of(new RunResult.Skipped(model.uniqueId(), "waits: " + e.reason()));
            }
        }
        return buryBad();
    }

    private void write(List<LandedFile> batch) {
        write(batch, batch.stream().filter(fresh::contains).toList());
    }

    private void write(List<LandedFile> batch, List<LandedFile> arriving) {
        try {
            Map<String, List<LakeFile>> byBucket = new LinkedHashMap<>();
            batch.forEach(landed -> byBucket.computeIfAbsent(landed.bucket(), x -> new ArrayList<>())
                    .add(landed.file()));
            byBucket.forEach(lake::fetch);
            CrashPoint.BEFORE_TRANSACTION.reach();
            table.sql().begin(arriving, atOnce);
            writer.write(batch, queue.isEmpty());
        } finally {
            lake.release();
        }
    }

    private void push(List<LandedFile> batch) {
        if (!batch.isEmpty()) {
            queue.push(batch);
        }
    }

    private Optional<RunResult> handle(RuntimeException failure, List<LandedFile> batch) {
        RuntimeException e = table.sql().explained(failure);
        if (RunContext.retryable(e)) {
            push(batch);
            return Optional.of(report.failed(message(e), true, batch));
        }
        if (RunContext.modelIsToBlame(e)) {
            return Optional.of(report.failed(message(e), false, batch));
        }
        if (mayKnowColumnsLater(e)) {
            newestWentFirst = true;
            push(batch);
            queue.push(queue.removeLast());
            return Optional.empty();
        }
        Optional<LandedFile> named = named(e, batch);
        if (named.isPresent() && batch.size() > 1) {
            List<LandedFile> rest = new ArrayList<>(batch);
            rest.remove(named.get());
            bad.put(named.get(), e);
            push(rest);
        } else if (batch.size() == 1) {
            bad.put(batch.get(0), e);
            if (modelSeemsToBlame()) {
                return Optional.of(report.failed(message(e), false, List.copyOf(bad.keySet())));
            }
        } else if (atOnce) {
            return probe(e, batch);
        } else {
            int half = batch.size() / 2;
            push(batch.subList(half, batch.size()));
            push(batch.subList(0, half));
        }
        return Optional.empty();
    }

    /** A column that old files lack is NULL there, once a newer file has shown it. */
    private boolean mayKnowColumnsLater(RuntimeException e) {
        return !newestWentFirst
                && !atOnce
                && !queue.isEmpty()
                && (task.state().relationType().isEmpty() || table.anyOrder())
                && message(e).contains("Binder Error");
    }

    /** What fails alone, where all files must be read at once: the rest of them is written without it. */
    private Optional<RunResult> probe(RuntimeException e, List<LandedFile> batch) {
        List<LandedFile> suspects = batch.stream().filter(fresh::contains).toList();
        List<LandedFile> base =
                batch.stream().filter(landed -> !fresh.contains(landed)).toList();
        int known = bad.size();
        table.probing(true);
        try {
            if (suspects.size() == 1) {
                bad.put(suspects.get(0), e);
            } else {
                search(base, suspects.subList(0, suspects.size() / 2));
                search(base, suspects.subList(suspects.size() / 2, suspects.size()));
            }
        } finally {
            table.probing(false);
        }
        List<LandedFile> rest =
                batch.stream().filter(landed -> !bad.containsKey(landed)).toList();
        if (bad.size() == known || modelSeemsToBlame()) {
            return Optional.of(report.failed(message(e), false, batch));
        }
        push(rest.size() == base.size() ? List.of() : rest);
        return Optional.empty();
    }

    private void search(List<LandedFile> base, List<LandedFile> suspects) {
        if (suspects.isEmpty() || modelSeemsToBlame()) {
            return;
        }
        List<LandedFile> files = new ArrayList<>(base);
        files.addAll(suspects);
        files.sort(LandedFile.OLDEST_FIRST);
        try {
            write(files);
        } catch (Probed wellDone) {
            proven = true;
        } catch (WarehouseException e) {
            if (e.retryable()) {
                throw e;
            }
            if (suspects.size() == 1) {
                bad.put(suspects.get(0), e);
            } else {
                search(base, suspects.subList(0, suspects.size() / 2));
                search(base, suspects.subList(suspects.size() / 2, suspects.size()));
            }
        }
    }

    private boolean modelSeemsToBlame() {
        return bad.size() >= PROBES && modelFails();
    }

    /** Nothing says that it is the files, and the model is not known to work. */
    private boolean modelFails() {
        return bad.values().stream().noneMatch(FileBatches::isFaultOfFiles) && !works();
    }

    /**
     * Where the project changed since the model last worked, by its text, a macro or a variable, it is tried on what it
     * has applied, and nothing of that is kept. Where it cannot be tried, its text decides.
     */
    private boolean works() {
        if (!proven && !tried) {
            proven = trial().orElseGet(() -> same(Ledger.Build::rawChecksum, model.checksum()));
            tried = true;
        }
        return proven;
    }

    /** Empty when there is nothing to try it on. */
    private Optional<Boolean> trial() {
        for (List<LandedFile> files : known.get()) {
            boolean before = table.probing();
            table.probing(true);
            try {
                write(files, files);
            } catch (Probed wellDone) {
                return Optional.of(true);
            } catch (Waiting | AtOnce | SeveralShapes notToBeTried) {
                // Perhaps the next.
            } catch (LakeException e) {
                if (e.reason() != LakeException.Reason.CHANGED) {
                    throw new TrialException(e);
                }
            } catch (JinjaException | ModelFaultException | WarehouseException e) {
                if (RunContext.retryable(e)) {
                    throw new TrialException(e);
                }
                return Optional.of(false);
            } finally {
                table.probing(before);
            }
        }
        return Optional.empty();
    }

    private boolean same(Function<Ledger.Build, String> checksum, String now) {
        return task.state().build().map(checksum).filter(now::equals).isPresent();
    }

    private Optional<LandedFile> named(RuntimeException e, List<LandedFile> batch) {
        if (!(e instanceof WarehouseException failure) || failure.kind() != Kind.UNREADABLE_FILE) {
            return Optional.empty();
        }
        List<String> paths = failure.paths();
        return batch.stream()
                .filter(landed -> paths.stream().anyMatch(path -> path.endsWith(landed.key())))
                .findFirst();
    }

    private List<LandedFile> stillThere(List<LandedFile> batch) {
        Lake store = context.lake();
        return store == null
                ? batch
                : batch.stream()
                        .filter(landed -> store.stat(landed.bucket(), landed.key())
                                .filter(now -> now.etag().equals(landed.file().etag()))
                                .isPresent())
                        .toList();
    }

    /** Files that fail alone are left out, unless it is the model that fails. */
    private Optional<RunResult> buryBad() {
        if (bad.isEmpty()) {
            return Optional.empty();
        }
        if (!task.holdsLane() || modelFails()) {
            return Optional.of(
                    report.failed(message(bad.values().iterator().next()), false, List.copyOf(bad.keySet())));
        }
        bad.forEach((landed, e) -> report.bury(landed, message(e)));
        buryInLedger();
        return Optional.empty();
    }

    private void buryInLedger() {
        context.warehouse().with(task.label(), session -> {
            Ledger ledger = task.ledger(session);
            session.begin();
            task.fence(ledger);
            bad.forEach((landed, e) -> ledger.record(
                    model.uniqueId(),
                    task.streamName(),
                    List.of(landed),
                    message(e),
                    report.runId(),
                    task.lane().position().firstOffset(),
                    task.lane().position().lastOffset()));
            session.commit();
            return true;
        });
    }

    private static boolean isFaultOfFiles(RuntimeException e) {
        return e instanceof WarehouseException failure && failure.faultOfFiles();
    }

    static String message(RuntimeException e) {
        return String.valueOf(e.getMessage());
    }
}
