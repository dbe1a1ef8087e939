package dev.landfall.mart;

import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.ModelMaterialized;
import dev.landfall.event.RunRequested;
import dev.landfall.lake.LakeException;
import dev.landfall.project.Project;
import dev.landfall.run.CrashPoint;
import dev.landfall.run.EagerMarts;
import dev.landfall.run.RunResult;
import dev.landfall.run.UnknownModelException;
import dev.landfall.service.Engine;
import dev.landfall.template.ProjectUnavailableException;
import dev.landfall.warehouse.DuckLakeUpkeep;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.WarehouseException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the waves: what was asked for, then everything that is stale. */
final class MartRunner implements Waves.Wave {
    private static final Logger log = LoggerFactory.getLogger(MartRunner.class);

    private final Engine engine;
    private final BuildReporter reporter;
    private final RequestDesk requests;
    private final DuckLakeUpkeep upkeep;
    private final ToldMarts told;
    private final AtomicBoolean remembered = new AtomicBoolean();
    private String failure = "";

    MartRunner(Engine engine, BuildReporter reporter, RequestDesk requests, DuckLakeUpkeep upkeep, ToldMarts told) {
        this.engine = engine;
        this.reporter = reporter;
        this.requests = requests;
        this.upkeep = upkeep;
        this.told = told;
    }

    @Override
    public boolean run() {
        boolean ended = false;
        try {
            EagerMarts marts = engine.marts();
            // Before the look: an assignment in its midst asks for another.
            if (!remembered.getAndSet(true)) {
                remember();
            }
            boolean fine = true;
            for (Optional<RunRequested> next = requests.next(); next.isPresent(); next = requests.next()) {
                fine &= request(marts, next.get());
            }
            BuildReporter.Report report = reporter.begin();
            List<RunResult> results = marts.buildStale(report::add);
            fine &= report.end();
            CrashPoint.AFTER_PUBLISH.reach();
            test(results);
            upkeep.ifDue(engine.warehouse());
            reporter.standing(marts.explain());
            failure = "";
            ended = true;
            return fine;
        } catch (ProjectUnavailableException
                | WarehouseException
                | LakeException
                | KafkaException
                | org.springframework.kafka.KafkaException e) {
            String error = String.valueOf(e.getMessage());
            if (!error.equals(failure)) {
                log.warn("the wave is tried again later: {}", error);
            }
            failure = error;
            return false;
        } finally {
            if (!ended) {
                // What was committed before it failed is told when it is mended.
                remembered.set(false);
            }
        }
    }

    /** This runner holds the topic anew: another one may have built meanwhile, and died before it told. */
    void assigned() {
        remembered.set(false);
    }

    /** The tests that are no gates; what they find is told, and changes nothing. */
    private void test(List<RunResult> results) {
        for (RunResult result : results) {
            if (result instanceof RunResult.Succeeded succeeded && !succeeded.repeated()) {
                engine.tests().test(succeeded.event()).forEach(reporter::tested);
            }
        }
    }

    /**
     * At the start, after a failure and when this runner takes over: the last runs, as the ledger has them. Those that
     * nobody was told of are told.
     */
    private void remember() {
        Project project = engine.project().get();
        List<String> events = engine.warehouse()
                .with(
                        "last runs",
                        session -> Ledger.find(session, project.target().database()).stream()
                                .flatMap(ledger -> ledger.builds().values().stream())
                                .filter(build -> build.layer().equals("mart")
                                        && project.nodes().containsKey(build.model()))
                                .map(Ledger.Build::event)
                                .toList());
        Map<String, String> versions = events.isEmpty() ? Map.of() : told.versions();
        BuildReporter.Report report = reporter.begin();
        for (String json : events) {
            try {
                ModelMaterialized event = EventJson.read(ModelMaterialized.class, json);
                reporter.remember(event);
                if (!event.version().equals(versions.get(event.model()))) {
                    report.add(new RunResult.Succeeded(event, List.of(), List.of(), true));
                }
            } catch (EventException ofAnOlderVersion) {
                log.debug("the ledger's event is passed over", ofAnOlderVersion);
            }
        }
        report.end();
    }

    private boolean request(EagerMarts marts, RunRequested request) {
        Instant start = Instant.now();
        engine.project().refreshNow();
        Optional<String> mistake = engine.project().problem();
        if (mistake.isPresent()) {
            return refused(request, "nothing is built while the project cannot be loaded: " + mistake.get(), start);
        }
        reporter.request(request, "running", 0, "", start);
        BuildReporter.Report report = reporter.begin();
        AtomicInteger done = new AtomicInteger();
        List<RunResult> results;
        try {
            results = marts.build(request.models(), request.fullRefresh(), result -> {
                report.add(result);
                reporter.request(request, "running", done.incrementAndGet(), "", start);
            });
        } catch (UnknownModelException e) {
            return refused(request, String.valueOf(e.getMessage()), start);
        }
        boolean fine = report.end();
        Optional<String> problem =
                results.stream().flatMap(result -> problem(result).stream()).findFirst();
        test(results);
        requests.finished(request);
        reporter.request(request, problem.isPresent() ? "failed" : "done", results.size(), problem.orElse(""), start);
        return fine;
    }

    private boolean refused(RunRequested request, String why, Instant start) {
        requests.finished(request);
        reporter.request(request, "failed", 0, why, start);
        return true;
    }

    private static Optional<String> problem(RunResult result) {
        if (result instanceof RunResult.Failed failed) {
            return Optional.of(failed.event().error());
        }
        return result instanceof RunResult.Skipped skipped
                ? Optional.of(skipped.model() + " was not built: " + skipped.reason())
                : Optional.empty();
    }
}
