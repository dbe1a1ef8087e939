package dev.landfall.lake;

import java.net.URI;
import java.nio.file.Path;

/** Opens the lake that the settings name. */
public final class Lakes {
    private Lakes() {}

    /** Opens without asking the store anything; {@link Lake#check} does. */
    public static Lake open(LakeSettings settings) {
        return settings.uri().startsWith("file:") ? new LocalLake(directory(settings.uri())) : new S3Lake(settings);
    }

    /** How DuckDB reads this lake: a directory as it is, S3 through a mirror unless httpfs is asked for. */
    public static LakeReader reader(Lake lake, LakeSettings settings) {
        if (lake instanceof LocalLake local) {
            return new DirectReader(local);
        }
        MirrorCache mirror = new MirrorCache(lake, settings.mirrorDir(), settings.mirrorMaxBytes());
        return settings.httpfs() && lake instanceof S3Lake s3 ? new HttpfsReader(s3, mirror) : mirror;
    }

    /** Where the files lie that models read: the lake's own directory, or the mirror's. */
    public static Path readDirectory(LakeSettings settings) {
        return (settings.uri().startsWith("file:") ? directory(settings.uri()) : settings.mirrorDir())
                .toAbsolutePath()
                .normalize();
    }

    private static Path directory(String uri) {
        try {
            return Path.of(URI.create(uri));
        } catch (IllegalArgumentException notStrictlyAUri) {
            return Path.of(uri.substring("file:".length()).replaceFirst("^//", ""));
        }
    }
}
