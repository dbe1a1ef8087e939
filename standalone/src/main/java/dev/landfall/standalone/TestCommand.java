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

/** Runs the selected tests. */
@Command(name = "test", description = "Run the tests of the selected nodes against the warehouse.", sortOptions = false)
final class TestCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Mixin
    private Selection selection = new Selection();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many tests run at a time. Default: the target's threads.")
    private @Nullable Integer threads;

    @Option(
            names = {"-x", "--fail-fast"},
            description = "Stop at the first failure.")
    private boolean failFast;

    TestCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        try (OneShot oneShot = OneShot.open(landfall)) {
            List<String> ids = selection.ids(landfall, oneShot.project(), Set.of("test"));
            ProjectRun.Flags flags = new ProjectRun.Flags(
                    "test",
                    false,
                    failFast,
                    landfall.threads(threads, oneShot.project().target()));
            return new RunReport(landfall.console(), oneShot.project()).run(oneShot.run(), ids, flags);
        }
    }
}
