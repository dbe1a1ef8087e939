package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.run.ProjectRun;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Builds the selected models once, in graph order. */
@Command(
        name = "run",
        description = {
            "Build models once, in graph order, straight from the lake. Needs no Kafka.",
            "Incremental models follow dbt's rules to the letter; the services of 'landfall up' keep a ledger instead."
        },
        sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = {"-f", "--full-refresh"},
            description = "Build incremental models anew.")
    private boolean fullRefresh;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many models run at a time. Default: the target's threads.")
    private @Nullable Integer threads;

    @Option(
            names = {"-x", "--fail-fast"},
            description = "Stop at the first failure.")
    private boolean failFast;

    RunCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        try (OneShot oneShot = OneShot.open(landfall)) {
            List<String> ids = selection.ids(landfall, oneShot.project(), Set.of("model"));
            ProjectRun.Flags flags = new ProjectRun.Flags(
                    "run",
                    fullRefresh,
                    failFast,
                    landfall.threads(threads, oneShot.project().target()));
            return new RunReport(landfall.console(), oneShot.project()).run(oneShot.run(), ids, flags);
        }
    }
}
