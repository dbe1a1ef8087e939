package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeException.Reason;
import dev.landfall.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract over the wire, against S3Proxy. */
class S3LakeIT extends LakeContract {
    @TempDir
    static Path directory;

    private static final AtomicInteger BUCKETS = new AtomicInteger();
    private static S3Server server;
    private static Lake lake;
    private String bucket = "";

    @BeforeAll
    static void start() {
        server = S3Server.start(directory);
        server.signIn();
        lake = new S3Lake(settings(server.endpoint().toString()), 2);
    }

    @AfterAll
    static void stop() {
        lake.close();
        server.close();
    }

    @BeforeEach
    void createBucket() {
        bucket = "landing-" + BUCKETS.incrementAndGet();
        server.createBucket(bucket);
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
        server.put(bucket, key, content);
    }

    @Override
    void delete(String key) {
        server.delete(bucket, key);
    }

    @Test
    @Override
    @Disabled("S3Proxy sorts by UTF-16")
    void listsTheHighestCodePointsLast() {}

    @Test
    void makesAVersionWhereTheStoreHasNone() throws Exception {
        Path file = directory.resolve(bucket).resolve("raw/x.parquet");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "hello");

        LakeFile listed = lake.listAll(bucket, "raw/").get(0);

        assertThat(listed.etag()).startsWith("~");
        assertThat(lake.open(bucket, listed).readAllBytes()).hasSize(5);

        Files.writeString(file, "longer than before");
        assertThatThrownBy(() -> lake.open(bucket, listed).close())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CHANGED));
    }

    @Test
    void saysThatTheSecretIsWrong() {
        System.setProperty("aws.secretAccessKey", "guess");
        try (Lake stranger = Lakes.open(settings(server.endpoint().toString()))) {
            assertThatThrownBy(() -> stranger.check(bucket))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DENIED))
                    .hasMessageContaining("check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        } finally {
            server.signIn();
        }
    }

    @Test
    void saysThatTheStoreDoesNotAnswer() {
        try (Lake nowhere = Lakes.open(settings("http://127.0.0.1:1"))) {
            assertThatThrownBy(() -> nowhere.list(bucket, "raw/", null, null))
                    .isInstanceOfSatisfying(LakeException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
                        assertThat(e.retryable()).isTrue();
                    })
                    .hasMessageContaining("http://127.0.0.1:1 does not answer")
                    .hasMessageContaining("landfall.lake.endpoint");
        }
    }

    @Test
    void listsMoreThanOnePageOfRealSize() {
        try (Lake whole = Lakes.open(settings(server.endpoint().toString()))) {
            for (int i = 0; i < 3; i++) {
                put("raw/" + i + ".parquet", "1");
            }

            assertThat(whole.list(bucket, "raw/", null, null))
                    .isEqualTo(new LakePage(lake.listAll(bucket, "raw/"), null));
        }
    }

    private static LakeSettings settings(String endpoint) {
        return LakeSettings.of(null, endpoint, null, null, null, null, null, null);
    }
}
