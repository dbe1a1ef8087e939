package dev.landfall.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * DuckDB's native library. The driver's jar holds one for every platform, and the driver unpacks its own into the
 * temporary directory at each start, unless a file of the same name lies beside the jar.
 */
final class NativeLibrary {
    private static final String PREFIX = "libduckdb_java.so_";

    private NativeLibrary() {}

    /** Run by the launcher, once after each build: {@code NativeLibrary <directory of the jars>}. */
    public static void main(String[] arguments) throws IOException {
        layOut(Path.of(arguments[0]));
    }

    /**
     * Puts this platform's library beside the driver's jar and takes all of them out of it. Where there is none for
     * this platform everything stays as it is.
     */
    static void layOut(Path libraries) throws IOException {
        try (Stream<Path> jars = Files.list(libraries)) {
            for (Path jar : jars.filter(NativeLibrary::isDriver).toList()) {
                layOutJar(jar, name());
            }
        }
    }

    /** What the driver calls this platform's library. */
    static String name() {
        return PREFIX + platform();
    }

    private static boolean isDriver(Path jar) {
        return jar.getFileName().toString().matches("duckdb_jdbc-.*\\.jar");
    }

    private static void layOutJar(Path jar, String name) throws IOException {
        try (FileSystem content = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Path library = content.getPath("/" + name);
            if (!Files.exists(library)) {
                return;
            }
            Files.copy(library, jar.resolveSibling(name));
            try (Stream<Path> entries = Files.list(content.getPath("/"))) {
                List<Path> all = entries.filter(
                                entry -> entry.getFileName().toString().startsWith(PREFIX))
                        .toList();
                all.forEach(NativeLibrary::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the driver names it: {@code linux_amd64}, {@code linux_arm64}, {@code macos_arm64}, {@code windows_amd64}. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch");
        String name = system.startsWith("mac") ? "macos" : system.startsWith("windows") ? "windows" : "linux";
        return name + "_" + (machine.equals("aarch64") ? "arm64" : machine.equals("x86_64") ? "amd64" : machine);
    }
}
