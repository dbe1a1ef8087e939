package dev.landfall.standalone;

import dev.landfall.lake.LakeSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which lake is meant. */
final class LakeChoice {
    private static final String VARIABLE = "LANDFALL_LAKE_URI";

    private LakeChoice() {}

    /** Of a one-shot command: what {@code LANDFALL_LAKE_*} say; without them {@code data/lake} if it is there, else S3. */
    static LakeSettings of(Surroundings surroundings) {
        Path local = surroundings.resolve(Path.of("data", "lake"));
        boolean chosen = surroundings
                .variable(VARIABLE)
                .or(() -> surroundings.variable("LANDFALL_LAKE_ENDPOINT"))
                .isPresent();
        return chosen || !Files.isDirectory(local)
                ? settings(surroundings.environment())
                : with(local.toString(), surroundings);
    }

    /** Of the whole system: what the command line says, else the environment, else a directory. */
    static LakeSettings of(@Nullable String given, Path directory, Surroundings surroundings) {
        if (given != null) {
            // What looks like no address is a directory as the user sees it.
            return with(
                    given.contains(":")
                            ? given
                            : surroundings.resolve(Path.of(given)).toString(),
                    surroundings);
        }
        return with(surroundings.variable(VARIABLE).orElse(directory.toString()), surroundings);
    }

    /** The bucket as its user would write it: a directory, or {@code s3://bucket} and the server that has it. */
    static String inWords(LakeSettings settings) {
        if (settings.uri().startsWith("file:")) {
            return Path.of(URI.create(settings.uri()))
                    .resolve(settings.bucket())
                    .toString();
        }
        return "s3://" + settings.bucket() + (settings.endpoint() == null ? "" : " at " + settings.endpoint());
    }

    private static LakeSettings with(String uri, Surroundings surroundings) {
        Map<String, String> environment = new HashMap<>(surroundings.environment());
        environment.put(VARIABLE, uri);
        return settings(environment);
    }

    private static LakeSettings settings(Map<String, String> environment) {
        try {
            return LakeSettings.of(environment);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
