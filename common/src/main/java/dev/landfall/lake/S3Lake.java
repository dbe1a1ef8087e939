package dev.landfall.lake;

import dev.landfall.lake.LakeException.Reason;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * S3, or a server that speaks its protocol. Credentials come from the AWS SDK's default chain: environment, system
 * properties, profile, web identity, container, instance.
 */
public final class S3Lake implements Lake {
    private static final int PAGE_SIZE = 1_000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    /** Marks an etag that is made from size and time, since the store has none. */
    private static final char MADE = '~';

    private final S3Client client;
    private final DefaultCredentialsProvider credentials =
            DefaultCredentialsProvider.builder().build();
    private final LakeSettings settings;
    private final String place;
    private final int pageSize;

    public S3Lake(LakeSettings settings) {
        this(settings, PAGE_SIZE);
    }

    S3Lake(LakeSettings settings, int pageSize) {
        this.settings = settings;
        this.client = client(settings);
        this.place = settings.endpoint() == null ? "S3" : settings.endpoint().toString();
        this.pageSize = pageSize;
    }

    /** A client of the same store, for those who write. */
    public static S3Client client(LakeSettings settings) {
        URI endpoint = settings.endpoint();
        S3ClientBuilder builder = S3Client.builder()
                .region(region(settings.region()))
                .forcePathStyle(settings.pathStyle())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(READ_TIMEOUT));
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        return builder.build();
    }

    @Override
    public LakePage list(String bucket, String prefix, @Nullable String startAfter, @Nullable String token) {
        ListObjectsV2Request.Builder request =
                ListObjectsV2Request.builder().bucket(bucket).prefix(prefix).maxKeys(pageSize);
        if (token != null) {
            request.continuationToken(token);
        } else {
            request.startAfter(startAfter);
        }
        ListObjectsV2Response response = ask(bucket, "list " + prefix, () -> client.listObjectsV2(request.build()));
        List<LakeFile> files = response.contents().stream()
                // A key that begins with a slash has no place among Hive paths.
                .filter(object -> !object.key().startsWith("/"))
                .map(object -> new LakeFile(
                        object.key(),
                        object.size(),
                        version(object.eTag(), object.size(), object.lastModified()),
                        object.lastModified()))
                // Some servers give the start itself too.
                .filter(file -> startAfter == null || KeyOrder.UTF_8.compare(file.key(), startAfter) > 0)
                .toList();
        return new LakePage(files, nextToken(response));
    }

    @Override
    public List<String> folders(String bucket, String prefix) {
        List<String> folders = new ArrayList<>();
        String token = null;
        do {
            ListObjectsV2Request request = ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(prefix)
                    .delimiter("/")
                    .maxKeys(pageSize)
                    .continuationToken(token)
                    .build();
            ListObjectsV2Response response =
                    ask(bucket, "list the folders of " + prefix, () -> client.listObjectsV2(request));
            response.commonPrefixes().forEach(common -> folders.add(common.prefix()));
            token = nextToken(response);
        } while (token != null);
        return folders;
    }

    @Override
    public InputStream open(String bucket, LakeFile file) {
        boolean made = file.etag().charAt(0) == MADE;
        ResponseInputStream<GetObjectResponse> content = ask(bucket, "read " + file.key(), () -> {
            try {
                return client.getObject(request ->
                        request.bucket(bucket).key(file.key()).ifMatch(made ? null : "\"" + file.etag() + "\""));
            } catch (NoSuchKeyException e) {
                throw changed(bucket, file, "is gone", e);
            } catch (S3Exception e) {
                throw e.statusCode() == 412 ? changed(bucket, file, "was replaced", e) : e;
            }
        });
        GetObjectResponse response = content.response();
        // Not every server heeds If-Match.
        if (!version(response, made).equals(file.etag())) {
            content.abort();
            throw changed(bucket, file, "was replaced", null);
        }
        return content;
    }

    @Override
    public Optional<LakeFile> stat(String bucket, String key) {
        try {
            HeadObjectResponse response = ask(
                    bucket,
                    "look at " + key,
                    () -> client.headObject(request -> request.bucket(bucket).key(key)));
            return Optional.of(new LakeFile(
                    key,
                    response.contentLength(),
                    version(response.eTag(), response.contentLength(), response.lastModified()),
                    response.lastModified()));
        } catch (LakeException e) {
            if (e.getCause() instanceof NoSuchKeyException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Fails with {@link Reason#CHANGED} when the object is no longer of the file's version. */
    void requireUnchanged(String bucket, LakeFile file) {
        LakeFile now = stat(bucket, file.key()).orElseThrow(() -> changed(bucket, file, "is gone", null));
        if (!now.etag().equals(file.etag())) {
            throw changed(bucket, file, "was replaced", null);
        }
    }

    /** What another program needs to read this store, with the credentials as they are now. */
    StoreAccess access(Set<String> buckets) {
        AwsCredentials known;
        try {
            known = credentials.resolveCredentials();
        } catch (SdkException e) {
            throw explain(settings.bucket(), "sign in", e);
        }
        return new StoreAccess(
                buckets,
                settings.endpoint(),
                region(settings.region()).id(),
                settings.pathStyle(),
                known.accessKeyId(),
                known.secretAccessKey(),
                known instanceof AwsSessionCredentials session ? session.sessionToken() : null);
    }

    @Override
    public void check(String bucket) {
        ask(
                bucket,
                "list",
                () -> client.listObjectsV2(request -> request.bucket(bucket).maxKeys(1)));
    }

    @Override
    public void close() {
        client.close();
        credentials.close();
    }

    private static Region region(@Nullable String configured) {
        if (configured != null) {
            return Region.of(configured);
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException none) {
            return Region.US_EAST_1;
        }
    }

    private static @Nullable String nextToken(ListObjectsV2Response response) {
        return Boolean.TRUE.equals(response.isTruncated()) ? response.nextContinuationToken() : null;
    }

    private static String version(GetObjectResponse response, boolean made) {
        return version(made ? null : response.eTag(), response.contentLength(), response.lastModified());
    }

    /** Listings tell times to the millisecond, reads to the second. */
    private static String version(@Nullable String etag, long size, Instant lastModified) {
        if (etag == null || etag.isEmpty()) {
            return MADE + Long.toHexString(size) + "-" + Long.toHexString(lastModified.getEpochSecond());
        }
        return etag.startsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static LakeException changed(String bucket, LakeFile file, String what, @Nullable Exception cause) {
        return new LakeException(
                Reason.CHANGED,
                "s3://" + bucket + "/" + file.key() + " " + what
                        + " since it was listed; its partition is announced anew",
                cause);
    }

    private <T> T ask(String bucket, String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (S3Exception e) {
            throw explain(bucket, what, e);
        } catch (SdkException e) {
            throw explain(bucket, what, e);
        }
    }

    private LakeException explain(String bucket, String what, S3Exception e) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        String said = " (" + e.statusCode() + (code.isEmpty() ? "" : " " + code) + ")";
        if (code.equals("NoSuchBucket")) {
            return new LakeException(
                    Reason.NO_SUCH_BUCKET,
                    "bucket '" + bucket + "' does not exist at " + place
                            + "; create it, or set landfall.lake.bucket or the stream file's 'bucket'",
                    e);
        }
        if (e.statusCode() == 301 || e.statusCode() == 307 || code.equals("AuthorizationHeaderMalformed")) {
            return new LakeException(
                    Reason.REFUSED,
                    "bucket '" + bucket + "' is served from another region or address" + said
                            + "; set landfall.lake.region or landfall.lake.endpoint",
                    e);
        }
        if (e.statusCode() == 401 || e.statusCode() == 403) {
            return new LakeException(Reason.DENIED, denied(bucket, what, code, said), e);
        }
        if (e.statusCode() >= 500 || e.statusCode() == 429 || e.statusCode() == 408) {
            return new LakeException(
                    Reason.UNREACHABLE, place + " cannot " + what + " in bucket '" + bucket + "' now" + said, e);
        }
        return new LakeException(
                Reason.REFUSED,
                place + " refuses to " + what + " in bucket '" + bucket + "'" + said + ": " + e.getMessage(),
                e);
    }

    private String denied(String bucket, String what, String code, String said) {
        String text = place + " does not let us " + what + " in bucket '" + bucket + "'" + said;
        return switch (code) {
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                text + "; check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
            case "ExpiredToken", "ExpiredTokenException" -> text + "; the credentials have expired, renew them";
            case "RequestTimeTooSkewed" -> text + "; this machine's clock is wrong";
            default -> text + "; the credentials need s3:ListBucket and s3:GetObject on it";
        };
    }

    private LakeException explain(String bucket, String what, SdkException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Unable to load credentials")) {
            return new LakeException(
                    Reason.DENIED,
                    "no credentials for " + place
                            + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine a role",
                    e);
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new LakeException(
                Reason.UNREACHABLE,
                place + " does not answer, cannot " + what + " in bucket '" + bucket + "': " + root
                        + "; is it running, and is landfall.lake.endpoint right?",
                e);
    }
}
