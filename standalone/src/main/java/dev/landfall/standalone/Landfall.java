package dev.landfall.standalone;

import dev.landfall.artifact.Artifacts;
import dev.landfall.event.Topics;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Problem;
import dev.landfall.project.Project;
import dev.landfall.project.Target;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line, and what all of its commands share. Exit codes are dbt's: 0 fine, 1 failed, 2 usage or project. */
@Command(
        name = "landfall",
        description = {
            "Runs SQL models when partitions land in S3, and keeps every mart fresh.",
            "The project is a dbt project; commands and options that dbt has too mean the same here.",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 all is well, 1 a model, a test or a check failed, 2 wrong usage or a mistake in the project.",
            "Help on a command: landfall COMMAND --help"
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false)
public final class Landfall implements Callable<Integer> {
    static final int FINE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    private final Console console;
    private final Surroundings surroundings;
    private @Nullable Project project;
    private List<String> given = List.of();

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--project-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "The dbt project. Default: $LANDFALL_PROJECT_DIR, else here, else models/ here or beside landfall.")
    private @Nullable Path projectDir;

    @Option(
            names = "--profiles-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "Where profiles.yml lies. Default: $LANDFALL_PROFILES_DIR, $DBT_PROFILES_DIR, the project, ~/.dbt.")
    private @Nullable Path profilesDir;

    @Option(
            names = "--target-path",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "Where manifest.json and run_results.json are left. Default: $DBT_TARGET_PATH, else the project's"
                            + " target-path.")
    private @Nullable String targetPath;

    @Option(
            names = {"-t", "--target"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The target in profiles.yml. Default: $LANDFALL_TARGET, else the profile's own.")
    private @Nullable String target;

    @Option(
            names = "--vars",
            paramLabel = "YAML",
            scope = ScopeType.INHERIT,
            description = "Variables over those of the project: '{key: value}'. Default: $LANDFALL_VARS.")
    private @Nullable String vars;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this help.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    Landfall(Console console, Surroundings surroundings) {
        this.console = console;
        this.surroundings = surroundings;
    }

    public static void main(String[] arguments) {
        int code = new Landfall(Console.ofProcess(), Surroundings.ofProcess()).run(arguments);
        System.exit(code);
    }

    /** Runs one command and returns its exit code. */
    int run(String... arguments) {
        given = List.of(arguments);
        try {
            return commandLine().execute(arguments);
        } catch (Error failure) {
            Failures.report(failure, console);
            return USAGE;
        }
    }

    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        commandLine.addSubcommand(new DemoCommand(this));
        commandLine.addSubcommand(new UpCommand(this));
        commandLine.addSubcommand(new StatusCommand(this));
        commandLine.addSubcommand(new BackfillCommand(this));
        commandLine.addSubcommand(new ReplayCommand(this));
        commandLine.addSubcommand(new DeadLettersCommand(this));
        commandLine.addSubcommand(new AuditCommand(this));
        commandLine.addSubcommand(new AdoptCommand(this));
        commandLine.addSubcommand(new RecoverCommand(this));
        commandLine.addSubcommand(new ParseCommand(this));
        commandLine.addSubcommand(new ListCommand(this));
        commandLine.addSubcommand(new CompileCommand(this));
        RunCommand.addTo(commandLine, this);
        commandLine.addSubcommand(new ShowCommand(this));
        commandLine.addSubcommand(new RunOperationCommand(this));
        commandLine.addSubcommand(new QueryCommand(this));
        commandLine.addSubcommand(new ReconcileCommand(this));
        commandLine.addSubcommand(new SampleDataCommand(this));
        commandLine.addSubcommand(new RehearseCommand());
        commandLine.setOut(console.writer(console.out()));
        commandLine.setErr(console.writer(console.err()));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpWidth(110);
        commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colours() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        commandLine.getCommandSpec().versionProvider(Landfall::version);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        commandLine.setParameterExceptionHandler((wrong, arguments) -> misused(wrong));
        return commandLine;
    }

    /** Without a command. */
    @Override
    public Integer call() {
        CommandSpec own = spec;
        if (own != null) {
            own.commandLine().usage(console.err());
        }
        return USAGE;
    }

    Console console() {
        return console;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    /** Which project the flags and the environment name. */
    ProjectOptions projectOptions() {
        return new ProjectOptions(
                path(projectDir, "LANDFALL_PROJECT_DIR").orElseGet(surroundings::defaultProject),
                path(profilesDir, "LANDFALL_PROFILES_DIR").orElse(null),
                target == null ? surroundings.variable("LANDFALL_TARGET").orElse(null) : target,
                yaml("--vars", vars()),
                environment());
    }

    private Map<String, String> environment() {
        if (targetPath == null) {
            return surroundings.environment();
        }
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        environment.put("DBT_TARGET_PATH", targetPath);
        return environment;
    }

    /** The names of the topics that the services of this environment use. */
    Topics topics() {
        return new Topics(surroundings.variable("LANDFALL_TOPICS_PREFIX").orElse("landfall"));
    }

    /** The project that is meant, loaded once. */
    Project project() throws InvalidProjectException {
        Project known = project;
        if (known == null) {
            known = ProjectLoader.load(projectOptions());
            known.warnings().forEach(warning -> console.warning(warning.toString()));
            project = known;
        }
        return known;
    }

    /** What this command leaves in the project's target path. */
    Artifacts artifacts(Project project) {
        return new Artifacts(
                project, CommandArguments.of(Objects.requireNonNull(spec).commandLine(), given));
    }

    /** The project that comes with Landfall, unless another one is named. */
    Path shippedProject() {
        Path home = surroundings.home();
        return path(projectDir, "LANDFALL_PROJECT_DIR")
                .orElseGet(() -> home == null ? surroundings.defaultProject() : home.resolve("models"));
    }

    /** How many nodes run at a time: the flag, else the target's own. */
    int threads(@Nullable Integer flag, Target target) {
        int threads = flag == null ? target.threads() : flag;
        if (threads < 1) {
            throw usage("--threads is at least 1, not " + threads);
        }
        return threads;
    }

    /** Wrong use of the command line. */
    ParameterException usage(String message) {
        CommandSpec own = spec;
        if (own == null) {
            throw new IllegalStateException(message);
        }
        return new ParameterException(own.commandLine(), message);
    }

    private Optional<Path> path(@Nullable Path given, String variable) {
        return Optional.ofNullable(given)
                .or(() -> surroundings.variable(variable).map(Path::of))
                .map(surroundings::resolve);
    }

    /** The variables as they were given: YAML. */
    String vars() {
        return vars == null ? surroundings.variable("LANDFALL_VARS").orElse("{}") : vars;
    }

    /** The value of a flag that takes a mapping in YAML. */
    Map<String, @Nullable Object> yaml(String flag, String text) {
        Object value;
        try {
            value = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw usage(flag + " is not YAML: " + e.getMessage());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw usage(flag + " is not of the form '{key: value}': " + text);
        }
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        map.forEach((key, each) -> variables.put(String.valueOf(key), each));
        return variables;
    }

    /** What is wrong stands last on the screen, not above a page of help. */
    private int misused(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        for (ParseResult parsed = command.getParseResult();
                parsed != null && parsed.hasSubcommand();
                parsed = parsed.subcommand()) {
            command = parsed.subcommand().commandSpec().commandLine();
        }
        console.error(String.valueOf(wrong.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(wrong, command.getErr())) {
            console.err().println("help: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return USAGE;
    }

    private int report(Exception failure) {
        if (failure instanceof InvalidProjectException invalid) {
            List<Problem> problems = invalid.problems();
            invalid.warnings().forEach(warning -> console.warning(warning.toString()));
            console.error((problems.size() == 1 ? "1 problem" : problems.size() + " problems") + " in the project "
                    + projectOptions().projectDir());
            problems.forEach(problem -> console.err().println("  " + problem));
        } else {
            Failures.report(failure, console);
        }
        return USAGE;
    }

    private static String[] version() {
        String version = Landfall.class.getPackage().getImplementationVersion();
        return new String[] {"landfall " + (version == null ? "(built from source)" : version)};
    }
}
