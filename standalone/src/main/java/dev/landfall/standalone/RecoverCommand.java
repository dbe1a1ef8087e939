package dev.landfall.standalone;

import dev.landfall.event.PartitionLanded;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import dev.landfall.run.LanePosition;
import dev.landfall.run.RunResult;
import dev.landfall.run.StreamRunner;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sets a warehouse aside that cannot be opened, and rebuilds it from the lake. */
@Command(
        name = "recover",
        description = {
            "Set a warehouse file that DuckDB cannot open aside, and rebuild every table from the lake.",
            "Where services run they rebuild it, else this process does. The damaged file is kept beside the new one."
        },
        footer = {"", "It takes the time of reading the lake once, and of one build of each mart."},
        sortOptions = false)
final class RecoverCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Landfall landfall;

    @Option(names = "--force", description = "Also when DuckDB can open the file: it may be damaged further in.")
    private boolean force;

    RecoverCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Console console = landfall.console();
        Project project = landfall.project();
        RunningInstance.of(project).ifPresent(up -> {
            throw new IllegalStateException("landfall up runs on this warehouse (process " + up.process()
                    + "): stop it, recover, and start it again");
        });
        Instant start = Instant.now();
        Path aside = Warehouse.setAside(
                project.target(), project.directory(), WarehouseSettings.shared("landfall recover"), force);
        console.progress("set aside as " + aside);
        Optional<RunningSystem> system = RunningSystem.find(landfall).filter(each -> each.isUp("core-runner"));
        int code = system.isPresent() ? byServices(system.get(), project) : here();
        if (code == Landfall.FINE) {
            console.progress("rebuilt from the lake in " + Progress.words(Duration.between(start, Instant.now()))
                    + "; delete " + aside + " when nobody wants to look at it any more");
        }
        return code;
    }

    /** The lanes find their ledger gone, and take up everything that ever landed. */
    private int byServices(RunningSystem system, Project project) throws InvalidProjectException {
        List<StreamName> streams = system.streams().stream()
                .filter(stream -> project.stream(stream).isPresent())
                .toList();
        int code = ReplayCommand.run(
                landfall,
                system,
                streams.stream()
                        .map(stream -> ReplayCommand.asked("backfill", stream, List.of(), false))
                        .toList(),
                false);
        if (code != Landfall.FINE || !system.isUp("mart-runner")) {
            return code;
        }
        landfall.console().progress("waiting for the marts …");
        try (OneShot oneShot = OneShot.open(landfall);
                Freshness freshness =
                        new Freshness(project, oneShot.warehouse(), LakeChoice.of(landfall.surroundings()))) {
            if (freshness.await(PATIENCE, RecoverCommand::pause)) {
                return Landfall.FINE;
            }
            freshness.waiting().forEach(landfall.console()::error);
            return Landfall.FAILED;
        }
    }

    private int here() throws InvalidProjectException {
        List<RunResult> bad = new ArrayList<>();
        try (OneShot oneShot = OneShot.open(landfall)) {
            StreamRunner runner = oneShot.streams();
            for (StreamConfig stream : oneShot.project().streams()) {
                if (stream.selected()) {
                    Instant start = Instant.now();
                    List<PartitionLanded> landings = oneShot.landings(stream);
                    LanePosition position = LanePosition.none(runner.takeLane(stream.name()));
                    runner.apply(stream.name(), landings, position, false, result -> keepBad(result, bad));
                    landfall.console()
                            .progress(stream.name() + "  " + landings.size() + " partitions in "
                                    + Progress.words(Duration.between(start, Instant.now())));
                }
            }
            Instant start = Instant.now();
            List<RunResult> marts = oneShot.marts().buildStale(result -> keepBad(result, bad));
            landfall.console()
                    .progress(
                            "marts  " + marts.size() + " in " + Progress.words(Duration.between(start, Instant.now())));
        }
        for (RunResult result : bad) {
            landfall.console()
                    .error(
                            result instanceof RunResult.Failed failed
                                    ? failed.event().error()
                                    : result.model() + ": " + ((RunResult.Skipped) result).reason());
        }
        return bad.isEmpty() ? Landfall.FINE : Landfall.FAILED;
    }

    /** A stream of which nothing ever landed has nothing to rebuild. */
    private static void keepBad(RunResult result, List<RunResult> bad) {
        if (result instanceof RunResult.Failed
                || (result instanceof RunResult.Skipped skipped
                        && !skipped.reason().startsWith("nothing has landed")
                        && !skipped.reason().contains("never built"))) {
            bad.add(result);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the marts", e);
        }
    }
}
