package dev.landfall.lake;

import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What another program needs to read the same store: where it is, and the credentials that hold now.
 *
 * @param buckets those that it may read
 * @param endpoint null for AWS
 * @param sessionToken null where the credentials are not temporary
 */
public record StoreAccess(
        Set<String> buckets,
        @Nullable URI endpoint,
        String region,
        boolean pathStyle,
        String accessKey,
        String secretKey,
        @Nullable String sessionToken) {

    /** A text without the secrets. */
    public String redact(@Nullable String text) {
        String redacted = String.valueOf(text).replace(secretKey, "…");
        return sessionToken == null ? redacted : redacted.replace(sessionToken, "…");
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "access of " + accessKey + " to " + (endpoint == null ? "S3 in " + region : endpoint);
    }
}
