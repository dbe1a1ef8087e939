package dev.landfall.standalone;

import dev.landfall.project.DataTest;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.run.Preview;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Renders models and tests to SQL without running them. */
@Command(
        name = "compile",
        description = {
            "Render models and tests to SQL, into target/compiled/ of the project.",
            "With --select the SQL is printed too."
        },
        sortOptions = false)
final class CompileCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Deferring deferring = new Deferring();

    @Option(
            names = {"-f", "--full-refresh"},
            description = "As for a full refresh: is_incremental() is false.")
    private boolean fullRefresh;

    @Option(
            names = "--inline",
            paramLabel = "SQL",
            description = "A query, in which Jinja is rendered, instead of nodes; it is printed.")
    private @Nullable String inline;

    CompileCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        try (OneShot oneShot = OneShot.open(landfall)) {
            Project project = oneShot.project();
            List<String> ids = inline != null
                    ? List.of()
                    : selection.ids(landfall, project, Set.of("model", "test", "snapshot", "analysis"));
            Preview preview = oneShot.preview("compile", fullRefresh, deferring.of(landfall, project, selection, ids));
            if (inline != null) {
                landfall.console().line(preview.compileInline(inline).strip());
                return Landfall.FINE;
            }
            for (String id : ids) {
                Node node = Objects.requireNonNull(project.nodes().get(id));
                String sql = preview.compile(node);
                write(file(project, node), sql);
                if (!selection.select().isEmpty()) {
                    landfall.console().line("-- " + node.resourceType() + " " + node.name());
                    landfall.console().line(sql.strip());
                }
            }
            return Landfall.FINE;
        }
    }

    private static Path file(Project project, Node node) {
        Path file = project.directory()
                .resolve(project.settings().targetPath())
                .resolve("compiled")
                .resolve(node.packageName())
                .resolve(node.file());
        // A generic test has the YAML file that names it: one file for each test in a folder of that name.
        return node instanceof DataTest test && test.generic() != null ? file.resolve(node.name() + ".sql") : file;
    }

    private static void write(Path file, String sql) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file, sql);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
