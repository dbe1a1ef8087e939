package dev.landfall.event;

import java.time.Instant;

/**
 * How far a {@link RunRequested} is; key {@code request/<id>} on the status topic.
 *
 * @param state {@code waiting}, {@code running}, {@code done}, {@code failed}
 * @param done partitions worked off (files at a full refresh and an audit, models of marts), of {@code total}
 * @param message what went wrong, or what was done; of an audit that is done, its results as JSON
 */
public record RequestStatus(
        String id, String stream, String state, Long done, Long total, String message, Instant startedAt, Instant at) {}
