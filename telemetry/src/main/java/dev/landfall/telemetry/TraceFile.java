package dev.landfall.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Appends spans to a file, one JSON object a line. Several processes may write to one file. */
final class TraceFile implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(TraceFile.class);
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

    private final Path file;

    TraceFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized CompletableResultCode export(Collection<SpanData> spans) {
        StringBuilder lines = new StringBuilder();
        spans.forEach(span -> lines.append(line(span)).append('\n'));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return CompletableResultCode.ofSuccess();
        } catch (IOException e) {
            log.warn("cannot write spans to {}: {}", file, e.getMessage());
            return CompletableResultCode.ofFailure();
        }
    }

    private static String line(SpanData span) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("traceId", span.getTraceId());
        line.put("spanId", span.getSpanId());
        line.put("parentSpanId", span.getParentSpanContext().isValid() ? span.getParentSpanId() : "");
        line.put("service", String.valueOf(span.getResource().getAttribute(SERVICE)));
        line.put("name", span.getName());
        line.put("start", instant(span.getStartEpochNanos()).toString());
        line.put("end", instant(span.getEndEpochNanos()).toString());
        Map<String, String> attributes = new LinkedHashMap<>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), String.valueOf(value)));
        line.put("attributes", attributes);
        line.put(
                "links",
                span.getLinks().stream()
                        .map(link -> link.getSpanContext().getTraceId() + "-"
                                + link.getSpanContext().getSpanId())
                        .toList());
        line.put("error", span.getStatus().getDescription());
        return JsonMapper.shared().writeValueAsString(line);
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(0, epochNanos);
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
