package dev.landfall.standalone;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds the bucket against the landed topics and the ledger. */
@Command(
        name = "reconcile",
        description = {
            "Compare, for each stream, what the bucket holds with what was announced and what was applied.",
            "Lists all of the streams' objects. Works beside running services and without them; where no broker is",
            "known, the bucket is held against the ledger alone."
        },
        footer = {
            "",
            "unaccounted        in the bucket, and nobody has announced this version; should be 0",
            "landed, waiting    announced, and some model has neither applied it nor set it aside",
            "gone, not told     announced, and no longer in the bucket: the sensor has yet to notice",
            "applied, vanished  some model has applied it, and it is no longer in the bucket; its rows stay",
            "set aside          a model could not read it: 'landfall dead-letters list'",
            "no landings        empty, temporary and unknown objects, which are not read",
            "",
            "Exit code 1 when an object is unaccounted for."
        },
        sortOptions = false)
final class ReconcileCommand implements Callable<Integer> {
    private static final long PAUSE_MS = 1_000;

    private final Landfall landfall;

    @Parameters(paramLabel = "STREAM", description = "SOURCE.STREAM; all where none is named.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--lake",
            paramLabel = "URI",
            description = "As for 'landfall up'. Default: that of the running one, $LANDFALL_LAKE_URI, data/lake, S3.")
    private @Nullable String lakeUri;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description = "How long the sensor may take to announce what just landed. Default: ${DEFAULT-VALUE}.")
    private int patience = 45;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "So many keys of each kind are shown. Default: ${DEFAULT-VALUE}.")
    private int examples = 5;

    ReconcileCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        Optional<RunningInstance> running = RunningInstance.of(project);
        Optional<RunningSystem> system = RunningSystem.find(landfall);
        LakeSettings settings = lake(running);
        List<Reconciliation> streams;
        try (Lake lake = Lakes.open(settings)) {
            Reconciler reconciler = new Reconciler(
                    project,
                    lake,
                    settings.bucket(),
                    system.orElse(null),
                    running.<Ledgers>map(each -> Ledgers.behind(each)).orElseGet(() -> Ledgers.of(project)));
            streams = reconcile(reconciler, streams(project), system.isPresent());
        }
        show(streams, settings, system.map(RunningSystem::where));
        return streams.stream().allMatch(stream -> stream.unaccounted().isEmpty()) ? Landfall.FINE : Landfall.FAILED;
    }

    /** What landed a moment ago may be on its way: then it is looked at again. */
    private List<Reconciliation> reconcile(Reconciler reconciler, List<StreamConfig> streams, boolean services) {
        long limit = System.nanoTime() + patience * 1_000_000_000L;
        List<Reconciliation> result = new ArrayList<>();
        for (StreamConfig stream : streams) {
            Reconciliation each = reconciler.reconcile(stream);
            while (services && !each.unaccounted().isEmpty() && System.nanoTime() < limit) {
                pause();
                each = reconciler.reconcile(stream);
            }
            result.add(each);
        }
        return result;
    }

    private List<StreamConfig> streams(Project project) {
        List<StreamConfig> streams =
                project.streams().stream().filter(StreamConfig::selected).toList();
        List<String> known =
                streams.stream().map(stream -> stream.name().toString()).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw landfall.usage("there is no stream '" + name + "'; the project has " + String.join(", ", known));
            }
        }
        return streams.stream()
                .filter(stream ->
                        names.isEmpty() || names.contains(stream.name().toString()))
                .toList();
    }

    private LakeSettings lake(Optional<RunningInstance> running) {
        if (lakeUri != null) {
            return LakeChoice.of(lakeUri, Path.of(""), landfall.surroundings());
        }
        return running.map(RunningInstance::lake)
                .filter(uri -> !uri.isEmpty())
                .map(uri -> LakeChoice.of(uri, Path.of(""), landfall.surroundings()))
                .orElseGet(() -> LakeChoice.of(landfall.surroundings()));
    }

    private void show(List<Reconciliation> streams, LakeSettings settings, Optional<String> broker) {
        Console console = landfall.console();
        console.line("lake      " + LakeChoice.inWords(settings));
        console.line("broker    "
                + broker.orElse("none: the bucket is held against the ledger alone, and 'landed, waiting' is unknown"));
        console.line("");
        TextTable table = new TextTable(List.of(
                "stream",
                "objects",
                "unaccounted",
                "landed, waiting",
                "gone, not told",
                "applied, vanished",
                "set aside",
                "no landings"));
        for (int column = 1; column < 7; column++) {
            table.alignRight(column);
        }
        for (Reconciliation stream : streams) {
            table.row(List.of(
                    stream.stream().toString(),
                    number(stream.objects()),
                    number(stream.unaccounted().size()),
                    number(stream.waiting().size()),
                    number(stream.goneUntold().size()),
                    number(stream.vanished().size()),
                    number(stream.setAside().size()),
                    stream.othersInWords()));
        }
        table.lines().forEach(console::line);
        console.line("");
        for (Reconciliation stream : streams) {
            show(stream.stream() + " unaccounted", stream.unaccounted());
            show(stream.stream() + " landed, waiting", stream.waiting());
            show(stream.stream() + " gone, not told", stream.goneUntold());
            show(stream.stream() + " applied, vanished", stream.vanished());
            show(stream.stream() + " set aside", stream.setAside());
            show(stream.stream() + " unknown names", stream.unknown());
        }
        console.line("unaccounted objects: "
                + number(streams.stream()
                        .mapToLong(stream -> stream.unaccounted().size())
                        .sum()));
    }

    private void show(String what, List<String> keys) {
        for (String key : keys.subList(0, Math.min(examples, keys.size()))) {
            landfall.console().line("  " + what + ": " + key);
        }
        if (!keys.isEmpty() && keys.size() > examples) {
            landfall.console().line("  " + what + ": and " + number(keys.size() - examples) + " more");
        }
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
