package dev.landfall.event;

import java.time.Instant;

/**
 * How far a {@link RunRequested} is; key {@code request/<id>} on the status topic.
 *
 * @param state {@code waiting}, {@code running}, {@code done}, {@code failed}
 * @param done partitions worked off, of {@code total}
 * @param message what went wrong, or what was done
 */
public record RequestStatus(
        String id, String stream, String state, Long done, Long total, String message, Instant startedAt, Instant at) {}
