package dev.landfall.event;

import java.time.Instant;
import java.util.Map;

/**
 * A running service; key {@code service/<service>/<instance>} on the status topic, written again every ten seconds.
 *
 * @param service sensor, core-runner or mart-runner
 * @param instance tells replicas apart: host and process
 * @param state {@code up}, {@code down} (see {@code problems}) or {@code stopped}
 * @param problems what is unusable and why: by {@code kafka}, {@code lake}, {@code warehouse}, {@code project}
 * @param projectChecksum of the project it runs on; empty when it has none
 */
public record ServiceStatus(
        String service,
        String instance,
        String state,
        Map<String, String> problems,
        String projectChecksum,
        Instant startedAt,
        Instant at) {}
