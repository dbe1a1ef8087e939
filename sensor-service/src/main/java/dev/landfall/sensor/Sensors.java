package dev.landfall.sensor;

import dev.landfall.lake.Lake;
import dev.landfall.lake.Layout;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import dev.landfall.sensor.LandingEvents.Touched;
import dev.landfall.sensor.SensorProperties.Listing;
import dev.landfall.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** All sensors of this replica: one for each stream that is assigned to it, on a few threads. */
final class Sensors implements SmartLifecycle, StreamAssignment.Watches {
    private static final Logger log = LoggerFactory.getLogger(Sensors.class);

    private final SensorProperties.Sensor settings;
    private final Duration projectPoll;
    private final Lake lake;
    private final String defaultBucket;
    private final MeterRegistry metrics;
    private final StreamDirectory directory;
    private final StreamAssignment assignment;
    private final ScheduledThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor looker = new ScheduledThreadPoolExecutor(1, daemon("landfall-streams"));
    /** Streams whose objects are counted: a stream that is begun anew has its gauges already. */
    private final Set<StreamName> counted = ConcurrentHashMap.newKeySet();

    private final ExecutorService ahead = Executors.newCachedThreadPool(daemon("landfall-page"));
    private volatile List<StreamConfig> streams = List.of();
    private volatile String checksum = "";
    private volatile boolean isRunning;

    /** How the sensors are assigned to this replica. */
    interface AssignmentMaker {
        StreamAssignment make(StreamAssignment.Watches watches);
    }

    Sensors(SensorProperties properties, Lake lake, AssignmentMaker assignments, MeterRegistry metrics) {
        this.settings = properties.sensor();
        this.projectPoll = properties.projectPoll();
        this.lake = lake;
        this.defaultBucket = properties.lakeSettings().bucket();
        this.metrics = metrics;
        this.directory = new StreamDirectory(properties.projectDir(), this::want);
        this.assignment = assignments.make(this);
        this.threads = new ScheduledThreadPoolExecutor(settings.threads(), daemon("landfall-poll"));
        this.threads.setRemoveOnCancelPolicy(true);
        Metric.STREAMS.gauge(
                metrics, this, sensors -> sensors.assignment.watched().size());
        Metric.PROJECT_PROBLEMS.gauge(
                metrics, this, sensors -> sensors.directory.problems().size());
    }

    @Override
    public void start() {
        isRunning = true;
        directory.refresh();
        assignment.start();
        ScheduledFuture<?> unused = looker.scheduleWithFixedDelay(
                this::lookAtFiles, projectPoll.toMillis(), projectPoll.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Lets the looks that are under way end, gives the streams to the other replicas, and returns. */
    @Override
    public void stop() {
        isRunning = false;
        looker.shutdownNow();
        assignment.watched().values().forEach(StreamWatch::stop);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assignment.stop();
        ahead.shutdownNow();
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    /**
     * How many streams a hint was about.
     *
     * @param here streams of this replica, which are looked at soon
     * @param elsewhere streams that another replica watches, or nobody yet
     */
    record Hurried(int here, int elsewhere) {}

    /**
     * Lets streams be looked at soon: those that the objects belong to, all where none are named.
     *
     * @param stream {@code source.stream} or {@code source}: only these; null for any
     */
    Hurried hurry(Set<Touched> objects, @Nullable String stream) {
        Map<StreamConfig, StreamWatch> watched = assignment.watched();
        int here = 0;
        int elsewhere = 0;
        for (StreamConfig config : streams) {
            if (isMeant(config, objects, stream)) {
                StreamWatch watch = watched.get(config);
                if (watch == null) {
                    elsewhere++;
                } else {
                    watch.hurry();
                    here++;
                }
            }
        }
        return new Hurried(here, elsewhere);
    }

    private boolean isMeant(StreamConfig config, Set<Touched> objects, @Nullable String stream) {
        String name = config.name().toString();
        boolean isNamed = stream == null || name.equals(stream) || name.startsWith(stream + ".");
        return isNamed
                && (objects.isEmpty()
                        || objects.stream()
                                .anyMatch(object -> object.bucket().equals(bucket(config))
                                        && object.key().startsWith(config.prefix())));
    }

    /** Streams of this replica that have been listed from end to end. */
    int listed() {
        return (int) assignment.watched().values().stream()
                .filter(StreamWatch::isListed)
                .count();
    }

    /** The watch of a stream, when it is this replica's and has begun. */
    Optional<StreamWatch> watch(String stream) {
        return assignment.watched().entrySet().stream()
                .filter(watched -> watched.getKey().name().toString().equals(stream))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Lists a stream from end to end, as at a start: there will be another watch. */
    void listAnew(StreamName stream) {
        assignment.beginAnew(stream);
    }

    /** Fails when no stream can be looked at; the message says why. */
    void checkLake() {
        Map<StreamConfig, StreamWatch> watched = assignment.watched();
        String problem = null;
        for (StreamWatch watch : watched.values()) {
            if (watch.hasLooked() && !watch.isLookingLong()) {
                problem = watch.lakeProblem();
                if (problem == null) {
                    return;
                }
            }
        }
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
        lake.check(defaultBucket);
    }

    /** Why streams of this replica cannot be looked at, by stream. */
    Map<String, String> troubles() {
        Map<String, String> troubles = new TreeMap<>();
        assignment.watched().forEach((stream, watch) -> {
            String problem = watch.problem();
            if (problem != null) {
                troubles.put(stream.name().toString(), problem);
            }
        });
        directory.problems().forEach(problem -> troubles.put(problem.file(), problem.toString()));
        return troubles;
    }

    /** Fails when there are no stream files to go by; the message says why. */
    void checkProject() {
        directory.check();
    }

    /** Tells two replicas apart that read different stream files. */
    String checksum() {
        return checksum;
    }

    @Override
    public LakeSensor sensor(StreamConfig stream) {
        return new LakeSensor(subject(stream));
    }

    @Override
    public StreamWatch begin(StreamConfig stream, LakeSensor sensor, Announcer announcer) {
        LandingLog landings = new LandingLog(stream.name(), sensor.table(), metrics);
        Announcer told = landed -> {
            announcer.announce(landed);
            landings.announced(landed);
        };
        if (counted.add(stream.name())) {
            countObjects(stream);
        }
        InstantSource clock = InstantSource.system();
        StreamPoll poll = new StreamPoll(lake, subject(stream), sensor, rhythm(stream), told, clock, ahead);
        log.debug("stream {}: {} files known", stream.name(), sensor.table().files());
        return new StreamWatch(stream.name(), poll, threads, clock, new Told(stream.name(), landings));
    }

    private void countObjects(StreamConfig stream) {
        for (Layout.Kind kind : Layout.Kind.values()) {
            String name = kind.name().toLowerCase(Locale.ROOT);
            Metric.OBJECTS.gauge(
                    metrics,
                    this,
                    sensors -> sensors.objects(stream.name(), kind),
                    stream.name().source(),
                    stream.name().stream(),
                    name);
        }
    }

    /** Not a number for a stream of another replica. */
    private double objects(StreamName stream, Layout.Kind kind) {
        return assignment.watched().entrySet().stream()
                .filter(watched -> watched.getKey().name().equals(stream))
                .mapToDouble(watched -> watched.getValue().census().of(kind))
                .findFirst()
                .orElse(Double.NaN);
    }

    private LakeSensor.Subject subject(StreamConfig stream) {
        Duration quiet = stream.quietPeriod() == null ? settings.quietPeriod() : stream.quietPeriod();
        Duration longest = settings.maxWait().compareTo(quiet) > 0 ? settings.maxWait() : quiet;
        return new LakeSensor.Subject(stream.name(), bucket(stream), stream.prefix(), quiet, longest, checksum);
    }

    private StreamPoll.Rhythm rhythm(StreamConfig stream) {
        Duration poll = stream.poll() == null ? settings.poll() : stream.poll();
        Duration idle = lake instanceof LocalLake ? poll : settings.idlePoll();
        return new StreamPoll.Rhythm(poll, idle, settings.sweepCycle(), settings.listing() == Listing.FOLDERS);
    }

    private String bucket(StreamConfig stream) {
        return stream.bucket() == null ? defaultBucket : stream.bucket();
    }

    private void lookAtFiles() {
        try {
            directory.refresh();
        } catch (RuntimeException e) {
            log.error("cannot read stream files", e);
        }
    }

    private void want(List<StreamConfig> streams) {
        checksum = checksum(streams);
        this.streams = streams;
        assignment.want(streams);
    }

    private static String checksum(List<StreamConfig> streams) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            streams.forEach(stream -> digest.update(stream.toString().getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Counts a stream's looks. */
    private final class Told implements StreamWatch.Observer {
        private final StreamName stream;
        private final LandingLog landings;

        Told(StreamName stream, LandingLog landings) {
            this.stream = stream;
            this.landings = landings;
        }

        @Override
        public void looked(Duration time) {
            Metric.POLL.timer(metrics, stream.source(), stream.stream()).record(time);
            count(landings.takeHasLanded() ? "landed" : "unchanged");
        }

        @Override
        public void failed() {
            count("failed");
        }

        @Override
        public void mustBeginAnew() {
            assignment.beginAnew(stream);
        }

        private void count(String outcome) {
            Metric.POLLS
                    .counter(metrics, stream.source(), stream.stream(), outcome)
                    .increment();
        }
    }
}
