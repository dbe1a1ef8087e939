package dev.landfall.run;

import dev.landfall.lake.LakeFile;
import java.time.Instant;

/**
 * A version of a file that a model cannot take. It is left out until it is retried, dropped or replaced by a newer
 * version.
 *
 * @param model unique id
 * @param stream {@code source.stream}
 * @param partition as in the path: {@code year=2026/month=01/day=15}, {@code _} for none
 * @param reason one clear message
 */
public record DeadLettered(
        String model, String stream, String bucket, LakeFile file, String partition, String reason, Instant at) {}
