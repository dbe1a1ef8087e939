package dev.landfall.standalone;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.StreamConfig;
import dev.landfall.run.Adoption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a warehouse over that dbt has built. */
@Command(
        name = "adopt",
        description = {
            "Take over the tables that dbt has built, as they are: no landing before today is applied again, and no mart",
            "is rebuilt until something that it reads changes. Run it once, before the services start for the first time.",
            "",
            "Files that are newer than a core table's newest row, by its sequence column, are left to the first run;",
            "so are all files of a table that has no such column, unless --as-of says when dbt began its last run."
        },
        footer = {"", "Example: landfall adopt --as-of 2026-01-31T04:00:00Z"},
        sortOptions = false)
final class AdoptCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "When dbt began its last run: files that were there by then count as applied.")
    private @Nullable String asOf;

    AdoptCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        Instant limit = limit();
        RunningInstance.of(landfall.project()).ifPresent(up -> {
            throw new IllegalStateException("landfall up runs on this warehouse (process " + up.process()
                    + "): stop it, adopt, and start it again");
        });
        List<Adoption> adoptions = new ArrayList<>();
        try (OneShot oneShot = OneShot.open(landfall)) {
            for (StreamConfig stream : oneShot.project().streams()) {
                if (stream.selected()) {
                    adoptions.addAll(oneShot.streams().adopt(stream.name(), oneShot.landings(stream), limit));
                }
            }
            adoptions.addAll(oneShot.marts().adopt());
        }
        TextTable table = new TextTable(List.of("model", "adopted", "files", "newer files", "why not"));
        table.alignRight(2).alignRight(3);
        for (Adoption each : adoptions) {
            table.row(List.of(
                    PipelineLines.name(each.model()),
                    each.adopted() ? "yes" : "no",
                    number(each.files()),
                    number(each.newer()),
                    each.reason()));
        }
        table.lines().forEach(landfall.console()::line);
        landfall.console().line("");
        landfall.console().line("Start the services: newer files, and models that are not adopted, are run then.");
        return Landfall.FINE;
    }

    private @Nullable Instant limit() {
        try {
            return asOf == null ? null : LandingRange.time(asOf, "--as-of");
        } catch (IllegalArgumentException e) {
            throw landfall.usage(String.valueOf(e.getMessage()));
        }
    }

    private static String number(long number) {
        return number == 0 ? "" : String.format(Locale.ROOT, "%,d", number);
    }
}
