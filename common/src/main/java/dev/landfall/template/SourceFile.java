package dev.landfall.template;

import dev.landfall.project.Definition;
import dev.landfall.project.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a package.
 *
 * @param folder the configured path that it lies under: {@code models}
 * @param path relative to that folder
 */
record SourceFile(DbtPackage owner, String folder, Path path, Path absolute) {

    /** Every file below the folders that ends with one of the suffixes, each once, sorted. */
    static List<SourceFile> find(DbtPackage owner, Iterable<String> folders, Problems problems, String... suffixes) {
        List<SourceFile> files = new ArrayList<>();
        Set<Path> seen = ConcurrentHashMap.newKeySet();
        for (String folder : folders) {
            Path root = owner.directory().resolve(folder);
            if (!Files.isDirectory(root)) {
                continue;
            }
            try {
                Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), 64, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String name = file.getFileName().toString();
                        for (String suffix : suffixes) {
                            if (name.endsWith(suffix) && !name.startsWith(".") && seen.add(file.normalize())) {
                                files.add(new SourceFile(owner, folder, root.relativize(file), file));
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        problems.error(owner.shown(owner.directory().relativize(file)), 0, "cannot be read: " + e);
                        return FileVisitResult.CONTINUE;
                    }
                });
            } catch (IOException | UncheckedIOException e) {
                problems.error(owner.shown(Path.of(folder)), 0, "cannot be listed: " + e);
            }
        }
        files.sort(Comparator.comparing(SourceFile::shown));
        return files;
    }

    /** As messages name it: relative to the project's root. */
    String shown() {
        return owner.shown(packagePath());
    }

    /** Relative to the package. */
    Path packagePath() {
        return Path.of(folder).normalize().resolve(path);
    }

    String name() {
        String file = path.getFileName().toString();
        int dot = file.lastIndexOf('.');
        return dot < 0 ? file : file.substring(0, dot);
    }

    /** The folders between the configured path and the file. */
    List<String> folders() {
        List<String> folders = new ArrayList<>();
        for (int i = 0; i < path.getNameCount() - 1; i++) {
            folders.add(path.getName(i).toString());
        }
        return folders;
    }

    /** What the package's files, folders and these names make: a node's place in the project. */
    List<String> fqn(String... names) {
        return Stream.of(List.of(owner.name()), folders(), List.of(names))
                .flatMap(List::stream)
                .toList();
    }

    /** Of something that this file says, and that has no file, no columns and no versions of its own. */
    Definition definition(
            String uniqueId,
            String definitionPath,
            int line,
            List<String> fqn,
            String rawSql,
            String checksum,
            String description) {
        return new Definition(
                uniqueId,
                fqn.get(fqn.size() - 1),
                owner.name(),
                Path.of(shown()),
                packagePath().toString(),
                definitionPath,
                line,
                fqn,
                rawSql,
                null,
                checksum,
                description,
                Map.of(),
                null,
                null);
    }

    /** The text, or null when it cannot be read; then that is told. */
    @Nullable
    String read(Problems problems, Map<String, byte[]> digests) {
        try {
            byte[] bytes = Files.readAllBytes(absolute);
            digests.put(shown(), Checksum.of(bytes));
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            problems.error(shown(), 0, "not UTF-8");
        } catch (IOException e) {
            problems.error(shown(), 0, "cannot be read: " + e);
        }
        return null;
    }
}
