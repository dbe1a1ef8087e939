package dev.landfall.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.lake.LakeException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLakeTest extends LakeContract {
    @TempDir
    Path root;

    @Override
    Lake lake() {
        return new LocalLake(root, 2);
    }

    @Override
    String bucket() {
        return "landing";
    }

    @Override
    void put(String key, String content) {
        try {
            Path file = root.resolve("landing").resolve(key);
            Files.createDirectories(file.getParent());
            Path aside = Files.writeString(root.resolve("aside"), content);
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void delete(String key) {
        try {
            Files.delete(root.resolve("landing").resolve(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void tellsVersionsOfTheSameSizeAndTimeApart() throws IOException {
        Instant second = Instant.parse("2026-01-15T08:00:00Z");
        put("raw/x.parquet", "first");
        Files.setLastModifiedTime(root.resolve("landing/raw/x.parquet"), FileTime.from(second));
        LakeFile first = lake().stat("landing", "raw/x.parquet").orElseThrow();
        put("raw/x.parquet", "other");
        Files.setLastModifiedTime(root.resolve("landing/raw/x.parquet"), FileTime.from(second));

        LakeFile other = lake().stat("landing", "raw/x.parquet").orElseThrow();

        assertThat(other.lastModified()).isEqualTo(first.lastModified());
        assertThat(other.etag()).isNotEqualTo(first.etag());
    }

    @Test
    void staysWithinItsRoot() throws IOException {
        put("raw/x.parquet", "1");
        Files.writeString(root.resolve("secret"), "1");

        assertThatThrownBy(() -> lake().stat("landing", "raw/../../secret"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
        assertThatThrownBy(() -> lake().check("..")).isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> lake().check("")).isInstanceOf(LakeException.class);
        assertThat(lake().listAll("landing", "../")).isEmpty();
        assertThat(lake().listAll("landing", "/")).isEmpty();
        assertThat(lake().folders("landing", "raw/../../")).isEmpty();
    }

    @Test
    void doesNotEnterFoldersBeforeTheStart() throws IOException {
        put("raw/day=01/x.parquet", "1");
        put("raw/day=02/x.parquet", "1");
        Path old = root.resolve("landing/raw/day=01");
        assertThat(old.toFile().setReadable(false)).isTrue();
        assertThat(old.toFile().setExecutable(false)).isTrue();
        try {
            assertThat(lake().list("landing", "raw/", "raw/day=02/", null).files())
                    .extracting(LakeFile::key)
                    .containsExactly("raw/day=02/x.parquet");
        } finally {
            assertThat(old.toFile().setReadable(true)).isTrue();
            assertThat(old.toFile().setExecutable(true)).isTrue();
        }
    }

    @Test
    void letsDuckDbReadFilesWhereTheyLie() {
        put("raw/year=2026/x.parquet", "1");
        LakeFile file = lake().stat("landing", "raw/year=2026/x.parquet").orElseThrow();
        DirectReader reader = new DirectReader(new LocalLake(root));

        assertThat(reader.paths("landing", java.util.List.of(file)))
                .containsExactly(root.resolve("landing/raw/year=2026/x.parquet").toString());

        put("raw/year=2026/x.parquet", "2");
        assertThatThrownBy(() -> reader.paths("landing", java.util.List.of(file)))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CHANGED));
    }
}
