package dev.landfall.standalone;

import dev.landfall.lake.LakeSettings;
import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import dev.landfall.project.StreamConfig;
import dev.landfall.template.ProjectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs everything in one process until it is interrupted. */
@Command(
        name = "up",
        description = {
            "Run everything in one process until Ctrl-C: a Kafka broker, the sensors and both runners.",
            "What lands in the lake shows up in the core tables and the marts seconds later."
        },
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    private final Landfall landfall;

    @Option(
            names = "--lake",
            paramLabel = "URI",
            description = {
                "s3:// or s3://BUCKET for S3, or a directory whose sub-folders are the buckets.",
                "Default: $LANDFALL_LAKE_URI, else lake/ in the data directory."
            })
    private @Nullable String lake;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the broker and everything else keep their state. Default: data/.")
    private Path data = Path.of("data");

    UpCommand(Landfall landfall) {
        this.landfall = landfall;
    }

    @Override
    public Integer call() throws InvalidProjectException, InterruptedException {
        Console console = landfall.console();
        Instant start = Instant.now();
        ProjectOptions options = landfall.projectOptions();
        Project project = landfall.project();
        RunningInstance.of(project).ifPresent(running -> {
            throw new IllegalStateException("landfall up runs on this warehouse already (process " + running.process()
                    + "); stop it, or choose another target");
        });
        Path directory = landfall.surroundings().resolve(data);
        LakeSettings settings = LakeChoice.of(lake, directory.resolve("lake"), landfall.surroundings());
        Logs.toFile(directory.resolve("logs").resolve("landfall.log"));
        console.progress("Starting a broker, the sensors and the runners …");

        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            interrupted.countDown();
            await(stopped);
        }));
        try (Pipeline pipeline = Pipeline.start(directory, project, options, landfall.vars(), settings, Map.of());
                EventFeed feed = EventFeed.start(
                        pipeline.bootstrapServers(), pipeline.topics(), new PipelineLines(console, start))) {
            Objects.requireNonNull(feed);
            summary(pipeline, settings, directory, Duration.between(start, Instant.now()));
            interrupted.await();
            console.progress("Stopping; what runs is finished first …");
        } finally {
            stopped.countDown();
        }
        return Landfall.FINE;
    }

    private void summary(Pipeline pipeline, LakeSettings settings, Path directory, Duration took) {
        Console console = landfall.console();
        Project project = pipeline.project();
        List<String> streams = project.streams().stream()
                .filter(StreamConfig::selected)
                .map(stream -> stream.name().toString())
                .toList();
        console.progress(console.bold("Landfall is up") + " after " + ProgressLine.seconds(took));
        console.line("");
        console.line("  project    " + project.directory() + " (" + project.name() + ")");
        console.line("  lake       " + LakeChoice.inWords(settings));
        console.line("  warehouse  " + pipeline.warehouse().location());
        console.line("  broker     " + pipeline.bootstrapServers());
        console.line("  log        " + directory.resolve("logs").resolve("landfall.log"));
        console.line("  streams    " + streams.size() + (streams.isEmpty() ? "" : ": " + String.join(", ", streams)));
        console.line("");
        console.line("Land files below " + LakeChoice.inWords(settings)
                + "/raw/SOURCE/STREAM/year=…/month=…/day=…/ and watch; Ctrl-C stops.");
        console.line("");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
