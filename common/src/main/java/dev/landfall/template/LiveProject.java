package dev.landfall.template;

import dev.landfall.project.InvalidProjectException;
import dev.landfall.project.Project;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project of a running service: loaded again when its files change, and kept as it was when they have mistakes.
 * Somebody has to call {@link #refresh} now and then. Safe for use by several threads.
 */
public final class LiveProject implements Supplier<Project> {
    private static final Logger log = LoggerFactory.getLogger(LiveProject.class);
    private static final Set<String> READ = Set.of("sql", "yml", "yaml", "json", "csv", "md", "py");
    private static final Set<String> PASSED_OVER = Set.of("target", "logs", "data", "node_modules");

    private static final Duration REST = Duration.ofMillis(100);
    private static final int MOST_LOOKS = 20;

    private final ProjectOptions options;
    private final List<Consumer<Project>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Project current;
    private volatile @Nullable String problem = "the project is not loaded yet";
    private Map<Path, Stamp> loaded = Map.of();
    private Map<Path, Stamp> seen = Map.of();

    public LiveProject(ProjectOptions options) {
        this.options = options;
    }

    /** What tells a changed file without reading it. */
    private record Stamp(long size, long modified) {}

    /** The last good project; {@link ProjectUnavailableException} when there never was one. */
    @Override
    public Project get() {
        return current()
                .orElseThrow(() -> new ProjectUnavailableException(problem().orElse("no project")));
    }

    public Optional<Project> current() {
        return Optional.ofNullable(current);
    }

    /** Why the files as they are now cannot be used; empty when they are. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** Called with each new project, in the thread that refreshed. */
    public void onChange(Consumer<Project> listener) {
        listeners.add(listener);
    }

    /**
     * Looks whether files changed, and loads the project when they did and have rested since the last look: files that
     * are just being written or checked out make no project.
     */
    public synchronized void refresh() {
        Map<Path, Stamp> now = stamps();
        boolean first = current == null && seen.isEmpty();
        boolean rested = now.equals(seen);
        seen = now;
        if (first || (rested && !now.equals(loaded))) {
            loaded = now;
            load();
        }
    }

    /**
     * Loads the project when its files changed: who asks for a run has saved before. Waits a moment for files that are
     * just being written. Does nothing before the first {@link #refresh}.
     */
    public synchronized void refreshNow() {
        Map<Path, Stamp> now = stamps();
        if (seen.isEmpty() || now.equals(loaded)) {
            return;
        }
        for (int look = 0; look < MOST_LOOKS; look++) {
            LockSupport.parkNanos(REST.toNanos());
            Map<Path, Stamp> before = now;
            now = stamps();
            if (now.equals(before)) {
                break;
            }
        }
        seen = now;
        loaded = now;
        load();
    }

    private void load() {
        try {
            Project project = ProjectLoader.load(options);
            project.warnings().forEach(warning -> log.warn("{}", warning));
            boolean changed = current == null || !project.checksum().equals(get().checksum());
            boolean mended = current != null && problem != null;
            current = project;
            problem = null;
            if (changed || mended) {
                log.info(
                        "project {} loaded; models: {}, streams: {}",
                        project.name(),
                        project.models().size(),
                        project.streams().size());
            }
            if (changed) {
                listeners.forEach(listener -> listener.accept(project));
            }
        } catch (InvalidProjectException e) {
            report(String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) {
            report("cannot load the project: " + e, e);
        }
    }

    private void report(String what, @Nullable Exception bug) {
        if (!what.equals(problem)) {
            log.error(
                    "{}\n{}",
                    what,
                    current == null ? "waiting for a good one" : "going on with the last good one",
                    bug);
        }
        problem = what;
    }

    private Map<Path, Stamp> stamps() {
        Map<Path, Stamp> stamps = new TreeMap<>();
        collect(options.projectDir(), Integer.MAX_VALUE, stamps);
        if (options.profilesDir() != null) {
            collect(options.profilesDir(), 1, stamps);
        }
        return stamps;
    }

    private static void collect(Path root, int depth, Map<Path, Stamp> stamps) {
        try {
            // Links are followed: Kubernetes mounts a directory of configuration as links.
            Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    String name = String.valueOf(directory.getFileName());
                    boolean passedOver =
                            !directory.equals(root) && (name.startsWith(".") || PASSED_OVER.contains(name));
                    return passedOver ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    String name = String.valueOf(file.getFileName());
                    if (attributes.isRegularFile() && READ.contains(name.substring(name.lastIndexOf('.') + 1))) {
                        stamps.put(
                                file,
                                new Stamp(
                                        attributes.size(),
                                        attributes.lastModifiedTime().toMillis()));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException vanished) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException unreadable) {
            log.debug("cannot look through {}", root, unreadable);
        }
    }
}
