package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    @TempDir
    Path libraries;

    @Test
    void putsTheLibraryOfThisPlatformBesideTheJar() throws IOException {
        String own = NativeLibrary.name();
        Path jar = jar(own, "libduckdb_java.so_plan9_vax", "org/duckdb/Driver.class");

        NativeLibrary.layOut(libraries);

        assertThat(libraries.resolve(own)).hasContent("content of " + own);
        assertThat(entries(jar)).containsExactly("org/duckdb/Driver.class");
    }

    @Test
    void leavesTheJarOfAnUnknownPlatformAsItIs() throws IOException {
        Path jar = jar("libduckdb_java.so_plan9_vax");

        NativeLibrary.layOut(libraries);

        assertThat(entries(jar)).containsExactly("libduckdb_java.so_plan9_vax");
    }

    private Path jar(String... names) throws IOException {
        Path jar = libraries.resolve("duckdb_jdbc-1.2.3.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                out.putNextEntry(new JarEntry(name));
                out.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static List<String> entries(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(ZipEntry::getName).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
