package dev.landfall.testing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server (S3Proxy) in this JVM, on the loopback interface; it checks SigV4 signatures and needs path style.
 *
 * <p>What it cannot do: tagging, notifications, lifecycle. Each page of a listing walks the whole tree, so it is no
 * yardstick for speed.
 */
public final class S3Server implements AutoCloseable {
    public static final String ACCESS_KEY = "landfall-test";
    public static final String SECRET_KEY = "landfall-test-secret";
    public static final String REGION = "us-east-1";

    private final S3Proxy server;
    private final S3Client client;

    private S3Server(BlobStore store, int port) {
        server = S3Proxy.builder()
                .blobStore(store)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .ignoreUnknownHeaders(true)
                .stopTimeout(0)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server did not start on port " + port, e);
        }
        client = S3Client.builder()
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** A server that keeps its objects in memory, on a free port. */
    public static S3Server start() {
        return new S3Server(new TransientNio2BlobStore(), 0);
    }

    /** A server that keeps its objects below a directory (a sub-folder is a bucket), on a free port. */
    public static S3Server start(Path directory) {
        return start(directory, 0);
    }

    /** As {@link #start(Path)}, on a given port: the same server again after a stop. */
    public static S3Server start(Path directory, int port) {
        return new S3Server(new FilesystemNio2BlobStore(directory.toString()), port);
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    /** A client that is signed in, for what the methods here do not do. */
    public S3Client client() {
        return client;
    }

    /** What the default credential chain of another process needs to sign in. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ACCESS_KEY_ID", ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY", SECRET_KEY,
                "AWS_REGION", REGION,
                "LANDFALL_LAKE_ENDPOINT", endpoint().toString(),
                "LANDFALL_LAKE_PATH_STYLE", "true");
    }

    /** Sets the same credentials as system properties, for clients in this JVM that use the default chain. */
    public void signIn() {
        System.setProperty("aws.accessKeyId", ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
        System.setProperty("aws.region", REGION);
    }

    /** Creates a bucket; fine when it is there already. */
    public void createBucket(String bucket) {
        boolean present = client.listBuckets().buckets().stream()
                .anyMatch(known -> known.name().equals(bucket));
        if (!present) {
            client.createBucket(request -> request.bucket(bucket));
        }
    }

    /** Puts an object and returns its etag, without quotes. */
    public String put(String bucket, String key, byte[] content) {
        String etag = client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content))
                .eTag();
        return etag.replace("\"", "");
    }

    public String put(String bucket, String key, String content) {
        return put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
    }

    public String put(String bucket, String key, Path file) {
        String etag = client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromFile(file))
                .eTag();
        return etag.replace("\"", "");
    }

    /** Deletes an object; fine when there is none. */
    public void delete(String bucket, String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }

    @Override
    public void close() {
        client.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server did not stop", e);
        }
    }
}
