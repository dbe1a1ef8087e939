package dev.landfall.event;

import java.time.Instant;
import java.util.List;

/**
 * The command line asks the runners for work. Key, the request's id. Runners take it up lazily and tell its progress as
 * {@link RequestStatus}.
 *
 * @param id unique
 * @param cause {@code replay}, {@code backfill}, {@code full-refresh}, {@code retry} (of dead letters)
 * @param stream {@code source.stream}; empty when {@code models} are marts
 * @param models unique ids; empty means every model of the stream
 * @param partitions only these, as in their paths ({@code year=2026/month=01/day=15}); empty means all
 * @param files only these keys, for {@code retry}; empty means all
 * @param force also when a full refresh would lose rows of files that the lake no longer has
 */
public record RunRequested(
        String id,
        String cause,
        String stream,
        List<String> models,
        List<String> partitions,
        List<String> files,
        Boolean fullRefresh,
        Boolean force,
        Instant requestedAt) {}
