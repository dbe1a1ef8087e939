package dev.landfall.project;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * One loading of a project, which is one command for whoever calls Landfall from a shell: what templates and artifacts
 * tell of it.
 *
 * @param id a UUID
 */
public record Invocation(String id, Instant startedAt) {
    /** The dbt whose behaviour this is. */
    public static final String DBT_VERSION = "1.12.2";

    public static Invocation now() {
        return new Invocation(UUID.randomUUID().toString(), Instant.now().truncatedTo(ChronoUnit.MICROS));
    }
}
