package dev.landfall.sensor;

import dev.landfall.project.Problem;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamFiles;
import dev.landfall.project.StreamName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream files of a running service: read again and again. A file with a mistake is told once; its stream goes on
 * as it was, and no other is touched.
 */
final class StreamDirectory {
    private static final Logger log = LoggerFactory.getLogger(StreamDirectory.class);

    private final Path projectDir;
    private final Consumer<List<StreamConfig>> listener;
    private Map<StreamName, StreamConfig> taken = new TreeMap<>();
    private StreamFiles.Found seen = new StreamFiles.Found(List.of(), List.of());
    private volatile boolean looked;
    private volatile List<Problem> problems = List.of();
    private volatile boolean isThere;

    /** @param listener is given all streams that are switched on, whenever they change */
    StreamDirectory(Path projectDir, Consumer<List<StreamConfig>> listener) {
        this.projectDir = projectDir;
        this.listener = listener;
    }

    /** What is wrong with stream files now. */
    List<Problem> problems() {
        return problems;
    }

    /** Fails when there is nothing to go by; the message says why. */
    void check() {
        if (looked && !isThere) {
            throw new IllegalStateException(
                    "there is no project in " + projectDir.toAbsolutePath() + "; set landfall.project-dir");
        }
        List<Problem> wrong = problems;
        if (!wrong.isEmpty() && streams().isEmpty()) {
            throw new IllegalStateException("no stream file is right: " + wrong.get(0));
        }
    }

    synchronized List<StreamConfig> streams() {
        return List.copyOf(taken.values());
    }

    /**
     * Reads the files. What changed is taken when it was the same at the last look: files that are just being written
     * or checked out are left alone.
     */
    synchronized void refresh() {
        StreamFiles.Found found = StreamFiles.find(projectDir);
        boolean rested = !looked || found.equals(seen);
        looked = true;
        seen = found;
        isThere = Files.isDirectory(projectDir);
        if (!rested || (!isThere && !taken.isEmpty())) {
            return;
        }
        tell(found.problems());
        Map<StreamName, StreamConfig> now = new TreeMap<>();
        found.streams().stream().filter(StreamConfig::selected).forEach(config -> now.put(config.name(), config));
        keepThoseWithMistakes(found, now);
        if (!now.equals(taken)) {
            logChanges(taken, now);
            taken = now;
            listener.accept(List.copyOf(now.values()));
        }
    }

    private void keepThoseWithMistakes(StreamFiles.Found found, Map<StreamName, StreamConfig> now) {
        Set<String> wrong = new HashSet<>();
        found.problems().forEach(problem -> wrong.add(problem.file()));
        taken.forEach((name, config) -> {
            if (wrong.contains(config.file().toString())) {
                now.put(name, config);
            }
        });
    }

    private void tell(List<Problem> wrong) {
        Set<Problem> fresh = new LinkedHashSet<>(wrong);
        problems.forEach(fresh::remove);
        fresh.forEach(problem -> log.error("{}", problem));
        if (wrong.isEmpty() && !problems.isEmpty()) {
            log.info("all stream files are right again");
        }
        problems = List.copyOf(wrong);
    }

    private static void logChanges(Map<StreamName, StreamConfig> before, Map<StreamName, StreamConfig> now) {
        now.forEach((name, config) -> {
            StreamConfig known = before.get(name);
            if (known == null) {
                log.info("stream {}: watched, as {} says", name, config.file());
            } else if (!known.equals(config)) {
                log.info("stream {}: {} changed", name, config.file());
            }
        });
        before.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> log.info("stream {}: not watched any more", name));
    }
}
