package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeException.Reason;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every lake does; the same bodies run on a directory and on each S3 server. */
abstract class LakeContract {
    /** A lake that gives pages of two files. */
    abstract Lake lake();

    /** A bucket that exists and that no other test uses. */
    abstract String bucket();

    abstract void put(String key, String content);

    abstract void delete(String key);

    @Test
    void listsInTheOrderOfUtf8() {
        List<String> keys = List.of(
                "raw/a-b/x.parquet",
                "raw/a/x.parquet",
                "raw/a0/x.parquet",
                "raw/day=1/x y%20&+.parquet",
                "raw/day=10/x.parquet",
                "raw/day=2/x.parquet",
                "raw/é/x.parquet",
                "raw/\uff5e/x.parquet");
        keys.stream().sorted().forEach(key -> put(key, "1"));
        put("rax/other.parquet", "1");

        List<LakeFile> listed = lake().listAll(bucket(), "raw/");

        assertThat(listed).extracting(LakeFile::key).containsExactlyElementsOf(keys);
    }

    /** Where UTF-16, and so Java's own order, differs. */
    @Test
    void listsTheHighestCodePointsLast() {
        put("raw/\ud83d\ude00.parquet", "1");
        put("raw/\uff5e.parquet", "1");

        assertThat(keys("raw/")).containsExactly("raw/\uff5e.parquet", "raw/\ud83d\ude00.parquet");
    }

    @Test
    void tellsSizeTimeAndVersion() {
        put("raw/x.parquet", "hello");

        LakeFile file = only("raw/");

        assertThat(file.size()).isEqualTo(5);
        assertThat(file.etag()).isNotBlank().doesNotContain("\"");
        assertThat(Duration.between(file.lastModified(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(5));
        assertThat(lake().stat(bucket(), "raw/x.parquet").orElseThrow().etag()).isEqualTo(file.etag());
    }

    @Test
    void listsByAnyPrefixAlsoWithinAName() {
        put("raw/orders/1.parquet", "1");
        put("raw/orders_old/1.parquet", "1");
        put("raw/other/1.parquet", "1");

        assertThat(keys("raw/orders")).containsExactly("raw/orders/1.parquet", "raw/orders_old/1.parquet");
        assertThat(keys("raw/orders/")).containsExactly("raw/orders/1.parquet");
        assertThat(keys("raw/none/")).isEmpty();
        assertThat(keys("")).hasSize(3);
    }

    @Test
    void startsAfterAKeyThatNeedNotExist() {
        for (int day = 1; day <= 5; day++) {
            put("raw/day=0" + day + "/1.parquet", "1");
        }

        assertThat(keysAfter("raw/", "raw/day=04/")).containsExactly("raw/day=04/1.parquet", "raw/day=05/1.parquet");
        assertThat(keysAfter("raw/", "raw/day=04/1.parquet")).containsExactly("raw/day=05/1.parquet");
        assertThat(keysAfter("raw/", "raw/day=02/0"))
                .containsExactly(
                        "raw/day=02/1.parquet", "raw/day=03/1.parquet", "raw/day=04/1.parquet", "raw/day=05/1.parquet");
        assertThat(keysAfter("raw/", "raw/zzz")).isEmpty();
    }

    @Test
    void givesPagesAndTheirTokens() {
        for (int i = 0; i < 5; i++) {
            put("raw/" + i + ".parquet", "1");
        }

        LakePage first = lake().list(bucket(), "raw/", null, null);
        LakePage second = lake().list(bucket(), "raw/", null, first.next());
        LakePage third = lake().list(bucket(), "raw/", null, second.next());

        assertThat(first.files()).extracting(LakeFile::key).containsExactly("raw/0.parquet", "raw/1.parquet");
        assertThat(second.files()).extracting(LakeFile::key).containsExactly("raw/2.parquet", "raw/3.parquet");
        assertThat(third.files()).extracting(LakeFile::key).containsExactly("raw/4.parquet");
        assertThat(third.next()).isNull();
    }

    @Test
    void givesTheFoldersDirectlyBelowAPrefix() {
        put("raw/day=1/a.parquet", "1");
        put("raw/day=1/b.parquet", "1");
        put("raw/day=10/deeper/a.parquet", "1");
        put("raw/day=2/a.parquet", "1");
        put("raw/file.parquet", "1");

        assertThat(lake().folders(bucket(), "raw/")).containsExactly("raw/day=1/", "raw/day=10/", "raw/day=2/");
        assertThat(lake().folders(bucket(), "raw/none/")).isEmpty();
    }

    @Test
    void readsTheVersionThatWasListed() throws Exception {
        put("raw/day=1/x y.parquet", "hello");

        try (InputStream content = lake().open(bucket(), only("raw/"))) {
            assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
    }

    @Test
    void refusesAFileThatWasReplacedSinceItWasListed() {
        put("raw/x.parquet", "first");
        LakeFile listed = only("raw/");
        put("raw/x.parquet", "other");

        assertThat(only("raw/").etag()).isNotEqualTo(listed.etag());
        assertThatThrownBy(() -> lake().open(bucket(), listed).close())
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.reason()).isEqualTo(Reason.CHANGED);
                    assertThat(e.retryable()).isFalse();
                })
                .hasMessageContaining("raw/x.parquet was replaced");
    }

    @Test
    void refusesAFileThatIsGoneSinceItWasListed() {
        put("raw/x.parquet", "first");
        LakeFile listed = only("raw/");
        delete("raw/x.parquet");

        assertThat(lake().stat(bucket(), "raw/x.parquet")).isEmpty();
        assertThatThrownBy(() -> lake().open(bucket(), listed).close())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CHANGED))
                .hasMessageContaining("raw/x.parquet is gone");
    }

    @Test
    void saysThatABucketDoesNotExistAndWhatToDo() {
        put("raw/x.parquet", "1");
        lake().check(bucket());

        assertThatThrownBy(() -> lake().check("no-such-bucket"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_BUCKET))
                .hasMessageContaining("'no-such-bucket' does not exist")
                .hasMessageContaining("create it, or set landfall.lake.bucket");
        assertThatThrownBy(() -> lake().list("no-such-bucket", "raw/", null, null))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("'no-such-bucket' does not exist");
    }

    private LakeFile only(String prefix) {
        List<LakeFile> files = lake().listAll(bucket(), prefix);
        assertThat(files).hasSize(1);
        return files.get(0);
    }

    private List<String> keys(String prefix) {
        return lake().listAll(bucket(), prefix).stream().map(LakeFile::key).toList();
    }

    private List<String> keysAfter(String prefix, @Nullable String startAfter) {
        List<String> keys = new ArrayList<>();
        LakePage page = lake().list(bucket(), prefix, startAfter, null);
        page.files().forEach(file -> keys.add(file.key()));
        while (page.next() != null) {
            page = lake().list(bucket(), prefix, startAfter, page.next());
            page.files().forEach(file -> keys.add(file.key()));
        }
        return keys;
    }
}
