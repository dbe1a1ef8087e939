package dev.landfall.lake;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the lake is and how it is read.
 *
 * @param uri {@code s3://} for S3 and what speaks its protocol, {@code file:/directory} for a directory whose
 *     sub-folders are the buckets
 * @param endpoint the address of a server other than AWS
 * @param region null for what the AWS SDK finds, us-east-1 where it finds none
 * @param pathStyle whether the bucket is part of the path rather than of the host's name
 * @param bucket the bucket of streams that name none
 * @param mirrorDir where files fetched from S3 are kept
 * @param mirrorMaxBytes how much of them is kept at most, beside what running models read
 */
public record LakeSettings(
        String uri,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle,
        String bucket,
        ReadMode read,
        Path mirrorDir,
        long mirrorMaxBytes) {

    /** How DuckDB gets at files in S3. */
    public enum ReadMode {
        /** {@link #MIRROR}. */
        AUTO,
        /** DuckDB's own extension reads them from the store. */
        HTTPFS,
        /** The AWS SDK fetches them into a directory first. */
        MIRROR
    }

    public static final String DEFAULT_URI = "s3://";
    public static final String DEFAULT_BUCKET = "landing";
    public static final long DEFAULT_MIRROR_MAX_BYTES = 10L << 30;

    private static final Pattern BYTES = Pattern.compile("(\\d+)\\s*([kmgt]?)i?b?");

    public LakeSettings {
        if (!uri.startsWith("s3://") && !uri.startsWith("file:")) {
            throw new IllegalArgumentException("landfall.lake.uri is '" + uri
                    + "'; it is s3:// for S3, or file:/directory for a directory whose sub-folders are the buckets");
        }
        if (mirrorMaxBytes <= 0) {
            throw new IllegalArgumentException("landfall.lake.mirror-max-bytes is not positive: " + mirrorMaxBytes);
        }
    }

    /**
     * Settings as they are written, null for what is not set.
     *
     * @param uri may be null, and may be a plain path of a directory
     * @param bucket null for the one in {@code s3://bucket}, else {@value #DEFAULT_BUCKET}
     * @param pathStyle null for true where there is an endpoint
     */
    public static LakeSettings of(
            @Nullable String uri,
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable Boolean pathStyle,
            @Nullable String bucket,
            @Nullable String read,
            @Nullable Path mirrorDir,
            @Nullable Long mirrorMaxBytes) {
        String location = uri == null ? DEFAULT_URI : uri;
        if (location.startsWith("/") || location.startsWith(".")) {
            location = Path.of(location).toAbsolutePath().normalize().toUri().toString();
        }
        String inLocation = location.startsWith("s3://") ? location.substring("s3://".length()) : "";
        if (inLocation.contains("/")) {
            throw new IllegalArgumentException("landfall.lake.uri is '" + uri
                    + "'; it names a bucket at most, the rest of a path belongs into the streams' prefix");
        }
        return new LakeSettings(
                location,
                endpoint == null ? null : URI.create(endpoint),
                region,
                pathStyle == null ? endpoint != null : pathStyle,
                bucket != null ? bucket : inLocation.isEmpty() ? DEFAULT_BUCKET : inLocation,
                readMode(read),
                mirrorDir == null ? defaultMirrorDir() : mirrorDir,
                mirrorMaxBytes == null ? DEFAULT_MIRROR_MAX_BYTES : mirrorMaxBytes);
    }

    /** Whether DuckDB reads the lake from its store, by its own extension. */
    public boolean httpfs() {
        return read == ReadMode.HTTPFS && uri.startsWith("s3://");
    }

    /** A location and nothing else. */
    public static LakeSettings of(String uri) {
        return of(uri, null, null, null, null, null, null, null);
    }

    /** Settings from {@code LANDFALL_LAKE_*} variables. */
    public static LakeSettings of(Map<String, String> environment) {
        String pathStyle = environment.get("LANDFALL_LAKE_PATH_STYLE");
        String mirrorDir = environment.get("LANDFALL_LAKE_MIRROR_DIR");
        String mirrorMaxBytes = environment.get("LANDFALL_LAKE_MIRROR_MAX_BYTES");
        return of(
                environment.get("LANDFALL_LAKE_URI"),
                environment.get("LANDFALL_LAKE_ENDPOINT"),
                environment.get("LANDFALL_LAKE_REGION"),
                pathStyle == null ? null : Boolean.valueOf(pathStyle),
                environment.get("LANDFALL_LAKE_BUCKET"),
                environment.get("LANDFALL_LAKE_READ"),
                mirrorDir == null ? null : Path.of(mirrorDir),
                mirrorMaxBytes == null ? null : bytes(mirrorMaxBytes));
    }

    /** A size as people write it, in powers of 1,024: {@code 512}, {@code 500MB}, {@code 20 GiB}. */
    public static long bytes(String text) {
        Matcher matcher = BYTES.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size; write it like 500MB or 20GB");
        }
        int unit = " kmgt".indexOf((matcher.group(2) + " ").charAt(0));
        return Long.parseLong(matcher.group(1)) << (10 * unit);
    }

    private static ReadMode readMode(@Nullable String read) {
        if (read == null) {
            return ReadMode.AUTO;
        }
        try {
            return ReadMode.valueOf(read.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("landfall.lake.read is '" + read + "'; it is auto, httpfs or mirror", e);
        }
    }

    private static Path defaultMirrorDir() {
        return Path.of(System.getProperty("user.home", "."), ".cache", "landfall", "mirror");
    }
}
