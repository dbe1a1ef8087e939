package dev.landfall.standalone;

import dev.landfall.project.DataTest;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Model;
import dev.landfall.project.Node;
import dev.landfall.project.Project;
import dev.landfall.template.RenderRequest;
import dev.landfall.template.TemplateRenderer;
import dev.landfall.warehouse.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
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

    @Option(
            names = {"-f", "--full-refresh"},
            description = "As for a full refresh: is_incremental() is false.")
    private boolean fullRefresh;

    CompileCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        try (OneShot oneShot = OneShot.open(landfall)) {
            Project project = oneShot.project();
            List<String> ids = selection.ids(landfall, project, Set.of("model", "test"));
            TemplateRenderer renderer = new TemplateRenderer(project);
            return oneShot.warehouse().with("compile", session -> {
                for (String id : ids) {
                    compile(project, Objects.requireNonNull(project.nodes().get(id)), renderer, session);
                }
                return Landfall.FINE;
            });
        }
    }

    private void compile(Project project, Node node, TemplateRenderer renderer, Session session) {
        String sql;
        if (node instanceof Model model) {
            sql = renderer.compile(model, request(model, session)).sql();
        } else if (node instanceof DataTest test) {
            sql = renderer.compile(test, new RenderRequest(session, false, fullRefresh, "compile", Map.of(), Map.of()))
                    .sql();
        } else {
            return;
        }
        Path file = project.directory()
                .resolve(project.settings().targetPath())
                .resolve("compiled")
                .resolve(node.packageName())
                .resolve(node.file());
        // A generic test has the YAML file that names it: one file for each test in a folder of that name.
        Path target =
                node instanceof DataTest test && test.generic() != null ? file.resolve(node.name() + ".sql") : file;
        write(target, sql);
        if (!selection.select().isEmpty()) {
            landfall.console().line("-- " + node.resourceType() + " " + node.name());
            landfall.console().line(sql.strip());
        }
    }

    private RenderRequest request(Model model, Session session) {
        boolean fresh = model.config().fullRefresh().orElse(fullRefresh);
        boolean incremental = model.materialized().equals("incremental")
                && !fresh
                && session.relationType(model.relation())
                        .filter(type -> type.equals("table"))
                        .isPresent();
        return new RenderRequest(session, incremental, fresh, "compile", Map.of(), Map.of());
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
