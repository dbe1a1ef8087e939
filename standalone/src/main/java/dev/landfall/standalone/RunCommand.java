package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.run.ProjectRun;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The commands that run nodes once, in graph order: {@code run}, {@code test}, {@code seed}, … */
@Command(sortOptions = false)
final class RunCommand implements Callable<Integer> {
    private static final String FULL_REFRESH = "--full-refresh";
    private static final String FORCE = "--force";
    private static final String ONLY_TYPES = "--resource-type";
    private static final String NOT_TYPES = "--exclude-resource-type";
    private static final String STORE_FAILURES = "--store-failures";
    private static final String FROM = "--event-time-start";
    private static final String UNTIL = "--event-time-end";
    private static final List<String> SPECIAL =
            List.of(FULL_REFRESH, FORCE, ONLY_TYPES, NOT_TYPES, STORE_FAILURES, FROM, UNTIL);

    /**
     * A command.
     *
     * @param types the nodes that it runs
     * @param options those of the options above that mean something to it
     */
    private record Kind(String word, Set<String> types, Set<String> options, String description) {}

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "run",
                    Set.of("model"),
                    Set.of(FULL_REFRESH, FORCE, FROM, UNTIL),
                    "Build models once, in graph order, straight from the lake. Needs no Kafka.\n"
                            + "Incremental models follow dbt's rules to the letter; the services of 'landfall up' keep a ledger"
                            + " instead.\n"
                            + "Where services run, --full-refresh asks them: they build the new tables beside the old ones, and"
                            + " swap."),
            new Kind(
                    "test",
                    Set.of("test", "unit_test"),
                    Set.of(ONLY_TYPES, NOT_TYPES, STORE_FAILURES),
                    "Run the tests of the selected nodes against the warehouse."),
            new Kind(
                    "seed",
                    Set.of("seed"),
                    Set.of(FULL_REFRESH),
                    "Load the CSV files of the seed paths into their tables.\n"
                            + "A table that exists is emptied and keeps its columns; --full-refresh makes it anew."),
            new Kind(
                    "snapshot",
                    Set.of("snapshot"),
                    Set.of(),
                    "Keep the rows of snapshots with the times between which they were true."),
            new Kind(
                    "build",
                    Set.of("model", "test", "unit_test", "seed", "snapshot"),
                    Set.of(FULL_REFRESH, ONLY_TYPES, NOT_TYPES, STORE_FAILURES, FROM, UNTIL),
                    "Load seeds, build models and snapshots and run tests in one go, in graph order.\n"
                            + "What is built on a node waits for that node's tests, and is skipped when one of them fails."));

    private final Landfall landfall;
    private final Kind kind;

    @Mixin
    private Selection selection = new Selection();

    @Mixin
    private Deferring deferring = new Deferring();

    @Option(
            names = ONLY_TYPES,
            paramLabel = "TYPE",
            arity = "1..*",
            description = "Only nodes of this type: model, test, unit_test, seed, snapshot.")
    private List<String> types = new ArrayList<>();

    @Option(names = NOT_TYPES, paramLabel = "TYPE", arity = "1..*", description = "No nodes of this type.")
    private List<String> otherTypes = new ArrayList<>();

    @Option(
            names = {"-f", FULL_REFRESH},
            description = "Make incremental models and seeds anew.")
    private boolean fullRefresh;

    @Option(
            names = FORCE,
            description =
                    "With --full-refresh, where services run: also when rows are lost of files that the lake lost.")
    private boolean force;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many nodes run at a time. Default: the target's threads.")
    private @Nullable Integer threads;

    @Option(
            names = {"-x", "--fail-fast"},
            description = "Stop at the first failure.")
    private boolean failFast;

    @Option(
            names = STORE_FAILURES,
            description = "Keep the failing rows of tests in tables of the schema …_dbt_test__audit.")
    private boolean storeFailures;

    @Option(
            names = FROM,
            paramLabel = "TIME",
            description = "Build microbatch models from here on: 2026-01-31, or with a time of day in UTC.")
    private @Nullable String eventTimeStart;

    @Option(names = UNTIL, paramLabel = "TIME", description = "Build microbatch models up to here.")
    private @Nullable String eventTimeEnd;

    private RunCommand(Landfall landfall, Kind kind) {
        this.landfall = landfall;
        this.kind = kind;
    }

    /** One command for each kind, with the options that mean something to it. */
    static void addTo(CommandLine commandLine, Landfall landfall) {
        for (Kind kind : KINDS) {
            CommandSpec spec = CommandSpec.forAnnotatedObject(new RunCommand(landfall, kind));
            spec.name(kind.word());
            spec.usageMessage().description(kind.description().split("\n", -1));
            for (String option : SPECIAL) {
                if (!kind.options.contains(option)) {
                    spec.remove(spec.findOption(option));
                }
            }
            commandLine.addSubcommand(kind.word(), spec);
        }
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Project project = landfall.project();
        if (fullRefresh && kind.word().equals("run")) {
            Optional<RunningRefresh> services = RunningRefresh.find(landfall, force);
            if (services.isPresent()) {
                return services.get().run(project, selection.ids(landfall, project, Set.of("model")));
            }
        }
        RunningInstance.of(project).ifPresent(up -> {
            throw new IllegalStateException("landfall up (process " + up.process()
                    + ") keeps this project's models fresh and holds the warehouse. To build models anew there: landfall"
                    + " run --full-refresh -s MODEL; for anything else of this kind stop it first");
        });
        try (OneShot oneShot = OneShot.open(landfall)) {
            List<String> ids = selection.ids(landfall, oneShot.project(), types());
            ProjectRun.Flags flags = new ProjectRun.Flags(
                    kind.word(),
                    fullRefresh,
                    failFast,
                    landfall.threads(threads, oneShot.project().target()),
                    storeFailures,
                    time(FROM, eventTimeStart),
                    time(UNTIL, eventTimeEnd));
            if (flags.eventTimeStart() != null
                    && flags.eventTimeEnd() != null
                    && !flags.eventTimeStart().isBefore(flags.eventTimeEnd())) {
                throw landfall.usage(FROM + " must be before " + UNTIL);
            }
            return new RunReport(landfall.console(), oneShot.project(), landfall.artifacts(oneShot.project()))
                    .run(oneShot.run(deferring.of(landfall, oneShot.project(), selection, ids)), ids, flags);
        }
    }

    private Set<String> types() {
        return ResourceTypes.of(landfall, kind.types, types, otherTypes);
    }

    private @Nullable OffsetDateTime time(String flag, @Nullable String text) {
        try {
            return text == null ? null : ProjectRun.time(text);
        } catch (DateTimeParseException e) {
            throw landfall.usage(flag + " is no time: " + text + "; write 2026-01-31 or 2026-01-31 14:00:00");
        }
    }
}
