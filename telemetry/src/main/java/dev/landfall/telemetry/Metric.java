package dev.landfall.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Every metric that Landfall has of its own; docs/metrics.md says what each means, and a test holds the two together. */
public enum Metric {
    STREAMS(Kind.GAUGE, "landfall.streams"),
    POLLS(Kind.COUNTER, "landfall.polls", "source", "stream", "outcome"),
    POLL(Kind.TIMER, "landfall.poll", "source", "stream"),
    LANDINGS(Kind.COUNTER, "landfall.landings", "source", "stream"),
    LANDED_FILES(Kind.COUNTER, "landfall.landed.files", "source", "stream"),
    LANDED_BYTES(Kind.COUNTER, "landfall.landed.bytes", "source", "stream"),
    GONE_FILES(Kind.COUNTER, "landfall.gone.files", "source", "stream"),
    QUEUE_MESSAGES(Kind.COUNTER, "landfall.queue.messages", "outcome"),
    OBJECTS(Kind.GAUGE, "landfall.objects", "source", "stream", "kind"),
    LAG(Kind.GAUGE, "landfall.lag.seconds", "source", "stream"),
    LANE_PENDING(Kind.GAUGE, "landfall.lane.pending", "source", "stream"),
    LANES_RUNNING(Kind.GAUGE, "landfall.lanes.running"),
    RUNS(Kind.COUNTER, "landfall.runs", "layer", "model", "outcome"),
    RUN(Kind.TIMER, "landfall.run", "layer", "model"),
    ROWS(Kind.COUNTER, "landfall.rows", "layer", "model", "operation"),
    MODEL_ROWS(Kind.GAUGE, "landfall.model.rows", "layer", "model"),
    FILES_READ(Kind.COUNTER, "landfall.files.read", "layer", "model"),
    FILES_KNOWN(Kind.COUNTER, "landfall.files.known", "layer", "model"),
    BYTES_READ(Kind.COUNTER, "landfall.bytes.read", "layer", "model"),
    LANDING_TO_CORE(Kind.TIMER, "landfall.landing.to.core", "source", "stream"),
    LANDING_TO_MART(Kind.TIMER, "landfall.landing.to.mart", "model"),
    MARTS_STALE(Kind.GAUGE, "landfall.marts.stale"),
    TESTS(Kind.COUNTER, "landfall.tests", "layer", "model", "outcome"),
    DEAD_LETTERS(Kind.COUNTER, "landfall.dead.letters", "source", "stream"),
    WAREHOUSE_WAIT(Kind.TIMER, "landfall.warehouse.wait"),
    WAREHOUSE_TIMEOUTS(Kind.COUNTER, "landfall.warehouse.timeouts"),
    WAREHOUSE_BYTES(Kind.GAUGE, "landfall.warehouse.bytes"),
    DUCKDB_MEMORY(Kind.GAUGE, "landfall.duckdb.memory.bytes"),
    DUCKDB_MEMORY_LIMIT(Kind.GAUGE, "landfall.duckdb.memory.limit.bytes"),
    DUCKDB_SPILLED(Kind.GAUGE, "landfall.duckdb.spilled.bytes"),
    MIRROR_REQUESTS(Kind.COUNTER, "landfall.mirror.requests", "result"),
    MIRROR_FETCHED(Kind.COUNTER, "landfall.mirror.fetched.bytes"),
    MIRROR_BYTES(Kind.GAUGE, "landfall.mirror.bytes"),
    PROJECT_PROBLEMS(Kind.GAUGE, "landfall.project.problems");

    private enum Kind {
        COUNTER,
        GAUGE,
        TIMER
    }

    private final Kind kind;
    private final String meterName;
    /** Comma-separated. */
    private final String labels;

    Metric(Kind kind, String meterName, String... labels) {
        this.kind = kind;
        this.meterName = meterName;
        this.labels = String.join(",", labels);
    }

    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(","));
    }

    /** The name as Prometheus has it. */
    public String prometheusName() {
        String name = meterName.replace('.', '_');
        return switch (kind) {
            case COUNTER -> name + "_total";
            case TIMER -> name + "_seconds";
            case GAUGE -> name;
        };
    }

    /**
     * Counts here.
     *
     * @param values of the labels, in their order
     */
    public Counter counter(MeterRegistry registry, String... values) {
        require(Kind.COUNTER);
        return registry.counter(meterName, tags(values));
    }

    /** A counter that is kept elsewhere. The registry does not keep the state alive. */
    public <T> void counter(MeterRegistry registry, T state, ToDoubleFunction<T> count, String... values) {
        require(Kind.COUNTER);
        FunctionCounter.builder(meterName, state, count).tags(tags(values)).register(registry);
    }

    public Timer timer(MeterRegistry registry, String... values) {
        require(Kind.TIMER);
        return registry.timer(meterName, tags(values));
    }

    /** A timer that is kept elsewhere. The registry does not keep the state alive. */
    public <T> void timer(MeterRegistry registry, T state, ToLongFunction<T> count, ToDoubleFunction<T> nanoseconds) {
        require(Kind.TIMER);
        FunctionTimer.builder(meterName, state, count, nanoseconds, TimeUnit.NANOSECONDS)
                .register(registry);
    }

    /** The value now, asked at each look. The registry does not keep the state alive. */
    public <T> void gauge(MeterRegistry registry, T state, ToDoubleFunction<T> value, String... values) {
        require(Kind.GAUGE);
        Gauge.builder(meterName, state, value).tags(tags(values)).register(registry);
    }

    private List<Tag> tags(String... values) {
        List<String> names = labels();
        if (values.length != names.size()) {
            throw new IllegalArgumentException(meterName + " has the labels " + names);
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tags.add(Tag.of(names.get(i), values[i]));
        }
        return tags;
    }

    private void require(Kind asked) {
        if (asked != kind) {
            throw new IllegalArgumentException(meterName + " is a " + kind);
        }
    }
}
