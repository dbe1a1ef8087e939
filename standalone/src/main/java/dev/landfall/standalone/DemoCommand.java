package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.standalone.demo.IndependentCheck;
import dev.landfall.standalone.demo.SampleData;
import dev.landfall.standalone.demo.SampleFile;
import dev.landfall.standalone.demo.Sync;
import dev.landfall.standalone.demo.TableCheck;
import dev.landfall.template.ProjectLoader;
import dev.landfall.template.ProjectOptions;
import dev.landfall.template.QueryResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole story on sample data in one process, held against an independent computation at the end. */
@Command(
        name = "demo",
        description = {
            "See the whole story on sample data: the days of a made-up shop land one by one, core tables and marts",
            "follow within seconds, and at the end every table is compared with an independent computation.",
            "Exits 0 only if all of them are equal."
        },
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Money of different currencies is not added up. */
    private static final String TOTALS = """
            select
                coalesce(strftime(order_date, '%Y-%m'), 'all') as month,
                currency,
                count(*) as orders,
                sum(gross_sales) as gross_sales,
                sum(discounts) as discounts,
                sum(returns) as returns,
                sum(net_sales) as net_sales,
                sum(shipping) as shipping,
                sum(taxes) as taxes,
                sum(total_sales) as total_sales
            from fct_sales
            group by grouping sets ((strftime(order_date, '%Y-%m'), currency), (currency))
            order by currency, grouping(strftime(order_date, '%Y-%m')), month
            """;

    private final Landfall landfall;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where lake, warehouse and broker of the demo lie. Default: data/demo.")
    private Path dir = Path.of("data", "demo");

    @Option(names = "--keep", description = "Go on with what an earlier demo left there, instead of starting afresh.")
    private boolean keep;

    DemoCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException, IOException {
        Console console = landfall.console();
        Instant start = Instant.now();
        DemoDirectory directory = new DemoDirectory(landfall.surroundings().resolve(dir));
        ProjectOptions options = directory.options(landfall.shippedProject());
        Project project = ProjectLoader.load(options);
        directory.prepare(project, keep);
        Logs.toFile(directory.log());

        CompletableFuture<List<Sync>> sample = CompletableFuture.supplyAsync(() -> sample(directory));
        console.progress("Starting a broker, the sensors and the runners …");
        PipelineLines lines = new PipelineLines(console, Instant.now());
        try (Pipeline pipeline =
                        Pipeline.start(directory.root(), project, options, "{}", directory.lake(), directory.hurry());
                EventFeed feed = EventFeed.start(pipeline.bootstrapServers(), pipeline.topics(), lines);
                Freshness freshness = new Freshness(project, pipeline.warehouse(), directory.lake())) {
            console.progress("Up after " + ProgressLine.seconds(Duration.between(start, Instant.now())) + ": "
                    + ProjectSummary.of(project).replace("Found ", "") + ". The lake is "
                    + LakeChoice.inWords(directory.lake()));
            Objects.requireNonNull(feed);
            for (Sync sync : sample.join()) {
                if (!land(sync, directory, freshness, lines)) {
                    return Landfall.FAILED;
                }
            }
            totals(pipeline);
            return check(pipeline, directory, start);
        }
    }

    /** Lands one sync and waits until the marts have it. */
    private boolean land(Sync sync, DemoDirectory directory, Freshness freshness, PipelineLines lines)
            throws IOException {
        Console console = landfall.console();
        console.line("");
        LocalDate day = LocalDate.ofInstant(sync.started(), ZoneOffset.UTC);
        int landed = 0;
        for (SampleFile file : sync.files()) {
            landed += directory.land(file) ? 1 : 0;
        }
        console.progress(console.bold("Sync " + sync.number() + " of " + day + ": " + sync.title()) + " ("
                + (landed == 0 ? "has landed before" : PipelineLines.count(landed, "file")) + ")");
        Instant start = Instant.now();
        if (!freshness.await(PATIENCE, lines::awaitNews)) {
            console.error("nothing has moved for " + PATIENCE.toSeconds() + " s, and this is still to come:");
            freshness.waiting().forEach(waiting -> console.err().println("  " + waiting));
            console.err().println("What the services say of it: " + directory.log());
            return false;
        }
        lines.awaitVersions(freshness.versions(start));
        if (landed > 0) {
            console.progress(console.green("fresh") + "   after "
                    + ProgressLine.seconds(Duration.between(start, Instant.now())));
        }
        return true;
    }

    private void totals(Pipeline pipeline) {
        Console console = landfall.console();
        QueryResult totals = pipeline.warehouse().with("totals", session -> session.query(TOTALS));
        console.line("");
        console.line(console.bold("fct_sales, by month of the order:"));
        console.line("");
        MoneyTable.of(totals).lines().forEach(console::line);
    }

    private int check(Pipeline pipeline, DemoDirectory directory, Instant start) {
        Console console = landfall.console();
        List<TableCheck> checks = pipeline.warehouse().with("independent check", session -> {
            try {
                return IndependentCheck.run(session, pipeline.project().target().schema(), directory.raw());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        console.line("");
        console.line(console.bold("Every table against an independent computation over all raw files at once:"));
        console.line("");
        for (TableCheck check : checks) {
            console.line("  " + (check.equal() ? console.green("equal ") : console.red("DIFFERS")) + " "
                    + pad(check.table(), 32) + " " + PipelineLines.count(check.found(), "row")
                    + (check.rows() == check.found() ? "" : ", expected " + check.rows()));
            check.differences().forEach(difference -> console.line("            " + difference));
        }
        boolean equal = checks.stream().allMatch(TableCheck::equal);
        console.line("");
        console.line((equal
                        ? console.green("All " + checks.size() + " tables are equal.")
                        : console.red("Not all tables are equal; what the services say: " + directory.log()))
                + " The demo took " + ProgressLine.seconds(Duration.between(start, Instant.now())) + ".");
        console.line("Look around: ./landfall query --profiles-dir " + directory.root()
                + " \"select * from fct_sales limit 5\"");
        return equal ? Landfall.FINE : Landfall.FAILED;
    }

    private static List<Sync> sample(DemoDirectory directory) {
        try {
            return SampleData.generate(directory.syncs(), 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
