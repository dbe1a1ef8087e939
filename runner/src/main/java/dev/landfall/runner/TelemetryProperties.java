package dev.landfall.runner;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;

/**
 * {@code landfall.telemetry.*}; what OpenTelemetry and OpenLineage themselves configure is left to them.
 *
 * @param traceFile where spans are appended, one JSON object a line
 */
@ConfigurationPropertiesSource
public record TelemetryProperties(@Nullable Path traceFile) {}
