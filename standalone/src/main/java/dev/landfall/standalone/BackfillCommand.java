package dev.landfall.standalone;

import dev.landfall.event.RunRequested;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.Requests.Asked;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks the sensor for a fresh listing of the lake, then core-runner to apply what it lacks. */
@Command(
        name = "backfill",
        description = {
            "List the streams in the lake afresh, announce what was not announced, and apply what is not applied.",
            "With --replay what is applied already is applied again too. Ends when all of it is in the tables."
        },
        footer = {"", "Example: landfall backfill shopify.orders --from 2026-01-01 --to 2026-01-31"},
        sortOptions = false)
final class BackfillCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Mixin
    private StreamChoice streams = new StreamChoice();

    @Mixin
    private LandingRange range = new LandingRange();

    @Option(names = "--replay", description = "Apply again what the ledger knows already.")
    private boolean replay;

    BackfillCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        RunningSystem system = RunningSystem.get(landfall);
        List<StreamName> chosen = streams.of(landfall, system);
        int code = list(landfall, system, chosen);
        if (code != Landfall.FINE) {
            return code;
        }
        List<Asked> asked = ReplayCommand.asked(
                landfall,
                system,
                replay ? RunRequested.REPLAY : RunRequested.BACKFILL,
                chosen,
                range,
                false,
                "nothing is in the lake that the flags choose");
        return ReplayCommand.run(landfall, system, asked, false);
    }

    /** Has the sensor list streams from end to end; ends when what it found is announced. */
    static int list(Landfall landfall, RunningSystem system, List<StreamName> streams) {
        List<Asked> listings = streams.stream()
                .map(stream -> ReplayCommand.asked(RunRequested.LISTING, stream, List.of(), false))
                .toList();
        return ReplayCommand.run(landfall, system, listings, false);
    }
}
