package dev.landfall.lake;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.testcontainers.containers.GenericContainer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The contract over the wire, against an S3 server in a container. */
abstract class ContainerLakeContract extends LakeContract {
    static final String KEY = "landfall-test";
    static final String SECRET = "landfall-test-secret";

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private S3Client client;
    private Lake lake;
    private String bucket = "";

    abstract GenericContainer<?> server();

    abstract int port();

    @BeforeEach
    void open() {
        System.setProperty("aws.accessKeyId", KEY);
        System.setProperty("aws.secretAccessKey", SECRET);
        String endpoint = "http://" + server().getHost() + ":" + server().getMappedPort(port());
        client = S3Client.builder()
                .endpointOverride(URI.create(endpoint))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
        lake = new S3Lake(LakeSettings.of(null, endpoint, "us-east-1", null, null, null, null, null), 2);
        bucket = "landing-" + BUCKETS.incrementAndGet();
        client.createBucket(request -> request.bucket(bucket));
    }

    @AfterEach
    void close() {
        lake.close();
        client.close();
    }

    @Override
    Lake lake() {
        return lake;
    }

    @Override
    String bucket() {
        return bucket;
    }

    @Override
    void put(String key, String content) {
        client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    @Override
    void delete(String key) {
        client.deleteObject(request -> request.bucket(bucket).key(key));
    }
}
