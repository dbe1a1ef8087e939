package dev.landfall.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Spans of things done, tied together by what travels in Kafka's headers: one trace shows a landing from the sensor's
 * listing to the last mart. Where spans go is OpenTelemetry's own configuration, {@code OTEL_*}; by default nowhere.
 */
public final class Traces implements AutoCloseable {
    /** The header that carries a trace's context, as W3C writes it. */
    public static final String HEADER = "traceparent";

    private static final TextMapGetter<String> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return HEADER.equals(key) ? carrier : null;
        }
    };

    private final OpenTelemetry telemetry;
    private final Tracer tracer;

    private Traces(OpenTelemetry telemetry) {
        this.telemetry = telemetry;
        this.tracer = telemetry.getTracer("dev.landfall");
    }

    /**
     * What was done.
     *
     * @param name what: {@code land shopify.orders}
     * @param causes the contexts of what led to it, the closest first: that one is the parent, the others are linked;
     *     none begins a trace
     * @param error why it failed, null when it did not
     */
    public record Done(
            String name,
            List<String> causes,
            Instant start,
            Instant end,
            Map<String, String> attributes,
            @Nullable String error) {}

    /**
     * Begins with the environment's configuration.
     *
     * @param service the service's name, unless {@code OTEL_SERVICE_NAME} says another
     * @param file where spans are appended too, one JSON object a line; null for nowhere
     */
    public static Traces open(String service, @Nullable Path file) {
        Map<String, String> defaults = new HashMap<>();
        defaults.put("otel.service.name", service);
        for (String signal : List.of("traces", "metrics", "logs")) {
            defaults.put("otel." + signal + ".exporter", "none");
        }
        AutoConfiguredOpenTelemetrySdkBuilder builder = AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> defaults)
                .disableShutdownHook();
        if (file != null) {
            builder.addTracerProviderCustomizer((provider, configuration) ->
                    provider.addSpanProcessor(SimpleSpanProcessor.create(new TraceFile(file))));
        }
        return new Traces(builder.build().getOpenTelemetrySdk());
    }

    /** Records nothing and hands no context on. */
    public static Traces off() {
        return new Traces(OpenTelemetry.noop());
    }

    /** Records a span, and gives the context that is to travel with what follows from it; empty when tracing is off. */
    public String record(Done done) {
        SpanBuilder builder = tracer.spanBuilder(done.name()).setStartTimestamp(done.start());
        List<Context> causes = done.causes().stream().map(Traces::context).toList();
        if (causes.isEmpty()) {
            builder.setNoParent();
        } else {
            builder.setParent(causes.get(0));
            causes.stream()
                    .skip(1)
                    .distinct()
                    .forEach(cause -> builder.addLink(Span.fromContext(cause).getSpanContext()));
        }
        done.attributes().forEach((key, value) -> builder.setAttribute(AttributeKey.stringKey(key), value));
        Span span = builder.startSpan();
        if (done.error() != null) {
            span.setStatus(StatusCode.ERROR, done.error());
        }
        span.end(done.end());
        Map<String, String> headers = new HashMap<>();
        W3CTraceContextPropagator.getInstance()
                .inject(
                        Context.root().with(span),
                        headers,
                        (carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value));
        return headers.getOrDefault(HEADER, "");
    }

    private static Context context(String traceparent) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, GETTER);
    }

    /** Sends what waits. */
    @Override
    public void close() {
        if (telemetry instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException("spans could not be sent: " + e.getMessage(), e);
            }
        }
    }
}
