package dev.landfall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ServerTest {
    @Test
    void keepsObjectsInMemory() {
        try (S3Server server = S3Server.start();
                ParquetFiles parquet = new ParquetFiles()) {
            server.createBucket("landing");
            server.createBucket("landing");

            parquet.land(
                    server, "landing", "raw/shop/things/year=2026/month=01/day=02/a b%.parquet", "select 42 as id");

            var listed = server.client().listObjectsV2(request -> request.bucket("landing"));
            assertThat(listed.contents()).singleElement().satisfies(object -> {
                assertThat(object.key()).isEqualTo("raw/shop/things/year=2026/month=01/day=02/a b%.parquet");
                assertThat(object.size()).isPositive();
                assertThat(object.eTag()).isNotEmpty();
            });
        }
    }

    @Test
    void findsItsObjectsAgainAfterARestartOnTheSamePort(@TempDir Path directory) {
        int port;
        try (S3Server server = S3Server.start(directory)) {
            server.createBucket("landing");
            server.put("landing", "a/b.txt", "hello");
            port = server.endpoint().getPort();
        }

        try (S3Server server = S3Server.start(directory, port)) {
            assertThat(server.client()
                            .getObjectAsBytes(
                                    request -> request.bucket("landing").key("a/b.txt"))
                            .asUtf8String())
                    .isEqualTo("hello");
        }
    }

    @Test
    void refusesAWrongSecret() {
        try (S3Server server = S3Server.start();
                S3Client stranger = S3Client.builder()
                        .endpointOverride(server.endpoint())
                        .forcePathStyle(true)
                        .region(Region.US_EAST_1)
                        .credentialsProvider(StaticCredentialsProvider.create(
                                AwsBasicCredentials.create(S3Server.ACCESS_KEY, "guess")))
                        .httpClientBuilder(UrlConnectionHttpClient.builder())
                        .build()) {
            assertThatThrownBy(stranger::listBuckets)
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
        }
    }
}
