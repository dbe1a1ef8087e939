package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Problems;
import dev.landfall.project.Project;
import dev.landfall.run.Preview;
import dev.landfall.template.Deferral;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls one macro. */
@Command(
        name = "run-operation",
        description = "Call a macro with arguments, in the warehouse.",
        footer = {"", "Example: landfall run-operation grant_select --args '{role: reporter}'"},
        sortOptions = false)
final class RunOperationCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Parameters(paramLabel = "MACRO", description = "Its name, with its package's before a dot if need be.")
    private String macro = "";

    @Option(
            names = "--args",
            paramLabel = "YAML",
            defaultValue = "{}",
            description = "Arguments by name: '{key: value}'.")
    private String arguments = "{}";

    RunOperationCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Map<String, @Nullable Object> values = landfall.yaml("--args", arguments);
        try (OneShot oneShot = OneShot.open(landfall)) {
            Preview preview = oneShot.preview("run-operation", false, Deferral.NONE);
            if (!preview.knows(macro)) {
                landfall.console()
                        .error("there is no macro '" + macro + "'" + Problems.nearest(macro, names(oneShot.project())));
                return Landfall.USAGE;
            }
            Optional<String> failure = preview.call(macro, values);
            failure.ifPresent(text -> landfall.console().error(text));
            return failure.isPresent() ? Landfall.FAILED : Landfall.FINE;
        }
    }

    /** Those of the project and its packages: the engine's own are too many to be told. */
    private static Set<String> names(Project project) {
        Set<String> names = new TreeSet<>();
        project.macros().values().stream()
                .filter(each -> project.settings().packages().contains(each.packageName()))
                .forEach(each -> names.add(each.name()));
        return names;
    }
}
