package dev.landfall.standalone;

import dev.landfall.event.RequestStatus;
import dev.landfall.event.RunRequested;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.StreamName;
import dev.landfall.standalone.Requests.Asked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Asks core-runner to apply landings again. */
@Command(
        name = "replay",
        description = {
            "Apply landings again, also those that the ledger knows: all of a stream, or those that the flags choose.",
            "Reads the landed topic, not the bucket's listing. Safe at any time: an older row never replaces a newer",
            "one, and what lands meanwhile goes first."
        },
        footer = {"", "Example: landfall replay shopify.orders --from 2026-01-01 --to 2026-01-31"},
        sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Mixin
    private StreamChoice streams = new StreamChoice();

    @Mixin
    private LandingRange range = new LandingRange();

    @Option(
            names = {"-f", "--full-refresh"},
            description = "Build the streams' models anew from everything that landed, and swap them in at the end.")
    private boolean fullRefresh;

    @Option(
            names = "--force",
            description =
                    "With --full-refresh: also when that loses rows of files that the lake does not have any more.")
    private boolean force;

    @Option(names = "--no-wait", description = "Return at once; 'landfall status' tells how it goes.")
    private boolean noWait;

    ReplayCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException {
        if (fullRefresh && !range.isEverything()) {
            throw landfall.usage(
                    "--full-refresh reads everything that landed: it goes with no flag that chooses landings");
        }
        RunningSystem system = RunningSystem.get(landfall);
        List<Asked> asked = asked(
                landfall,
                system,
                fullRefresh ? RunRequested.FULL_REFRESH : RunRequested.REPLAY,
                streams.of(landfall, system),
                range,
                force,
                "nothing landed that the flags choose");
        return run(landfall, system, asked, noWait);
    }

    /** A request for each stream of which the range chooses something; of the others the console tells. */
    static List<Asked> asked(
            Landfall landfall,
            RunningSystem system,
            String cause,
            List<StreamName> streams,
            LandingRange range,
            boolean force,
            String nothing) {
        List<Asked> asked = new ArrayList<>();
        for (StreamName stream : streams) {
            List<String> partitions = range.isEverything() ? List.of() : partitions(landfall, range, system, stream);
            if (range.isEverything() || !partitions.isEmpty()) {
                asked.add(asked(cause, stream, partitions, force));
            } else {
                landfall.console().line(stream + "  " + nothing);
            }
        }
        return asked;
    }

    private static List<String> partitions(
            Landfall landfall, LandingRange range, RunningSystem system, StreamName stream) {
        try {
            return range.choose(system.landed(stream));
        } catch (IllegalArgumentException e) {
            throw landfall.usage(stream + ": " + e.getMessage());
        }
    }

    static Asked asked(String cause, StreamName stream, List<String> partitions, boolean force) {
        boolean refresh = cause.equals(RunRequested.FULL_REFRESH);
        boolean countsFiles = refresh || cause.equals(RunRequested.LISTING);
        RunRequested request = new RunRequested(
                UUID.randomUUID().toString(),
                cause,
                stream.toString(),
                List.of(),
                partitions,
                List.of(),
                refresh,
                force,
                Instant.now());
        return new Asked(request, stream + " " + cause, countsFiles ? "file" : "partition");
    }

    /** Runs requests to their end and gives the exit code. */
    static int run(Landfall landfall, RunningSystem system, List<Asked> asked, boolean noWait) {
        Requests requests = new Requests(system, landfall.console());
        if (noWait) {
            requests.send(asked);
            return Landfall.FINE;
        }
        return report(landfall, asked, asked.isEmpty() ? List.of() : requests.run(asked));
    }

    static int report(Landfall landfall, List<Asked> asked, List<RequestStatus> ends) {
        int code = Landfall.FINE;
        for (int i = 0; i < ends.size(); i++) {
            RequestStatus end = ends.get(i);
            if (end.state().equals("failed")) {
                code = Landfall.FAILED;
                landfall.console()
                        .error(asked.get(i).name() + ": "
                                + (end.message().isEmpty() ? "see the log of the services" : end.message()));
            }
        }
        return code;
    }
}
