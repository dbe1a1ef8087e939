package dev.landfall.warehouse;

import dev.landfall.project.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A DuckDB database, opened as profiles.yml says. Safe for use by several threads.
 *
 * <p>Several warehouses of one JVM on one file share the open database. Processes keep each other out by a lock file
 * beside it: an exclusive warehouse holds it until it is closed, a shared one only while there is work.
 */
public final class Warehouse implements AutoCloseable {
    private static final Duration CHECK = Duration.ofSeconds(8);

    private final Target target;
    private final WarehouseSettings settings;
    private final DatabaseFile file;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    private Warehouse(Target target, WarehouseSettings settings, DatabaseFile file) {
        this.target = target;
        this.settings = settings;
        this.file = file;
    }

    /** What is done with a session. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T with(Session session);
    }

    /**
     * Opens the target's database. A shared warehouse is opened for each piece of work, and not yet here.
     *
     * @param projectDir what a relative path in profiles.yml is relative to
     * @throws WarehouseException when it cannot be opened, or another process holds it for too long
     */
    public static Warehouse open(Target target, Path projectDir, WarehouseSettings settings) {
        Path path = target.inMemory() || target.duckLake() ? null : projectDir.resolve(target.path());
        Warehouse warehouse = new Warehouse(target, settings, DatabaseFile.at(path));
        if (path == null || !settings.shared()) {
            warehouse.file.pin(target, settings);
        }
        return warehouse;
    }

    /**
     * Sets a file that cannot be opened aside, its write-ahead log with it: whoever opens the warehouse next begins with
     * an empty one. Waits for its turn first.
     *
     * @param force also when DuckDB can open it: it may be damaged further in
     * @return where the file lies now
     * @throws WarehouseException when it can be opened, when somebody has it open, or when it cannot be moved
     */
    public static Path setAside(Target target, Path projectDir, WarehouseSettings settings, boolean force) {
        if (target.inMemory() || target.duckLake()) {
            throw new WarehouseException(
                    "only a warehouse that is a DuckDB file can be set aside; a DuckLake is restored from the backups of"
                            + " its catalog and its bucket",
                    WarehouseException.Kind.PERMANENT,
                    null,
                    null);
        }
        return DatabaseFile.at(projectDir.resolve(target.path())).setAside(target, settings, force);
    }

    /**
     * Runs work on a connection of its own; in the shared mode the turn is given back afterwards. What the work leaves
     * open is rolled back.
     *
     * @param purpose a few words for error messages and for those who wait: a model, a stream
     */
    public <T extends @Nullable Object> T with(String purpose, Work<T> work) {
        if (closed.get()) {
            throw new IllegalStateException("the warehouse " + file.name() + " is closed");
        }
        try (Session session = new Session(file, target, settings, purpose)) {
            sessions.add(session);
            try {
                return work.with(session);
            } finally {
                sessions.remove(session);
            }
        }
    }

    /**
     * Fails, within seconds, when it cannot be used now: it cannot be opened, somebody does not let go of it, or what was
     * to be written lately found no space. The message says which.
     */
    public void check() {
        WarehouseSettings hasty =
                settings.lockTimeout().compareTo(CHECK) > 0 ? settings.withLockTimeout(CHECK) : settings;
        try (Session session = new Session(file, target, hasty, "health")) {
            session.query("select 1");
        }
        file.writeFailures().any().ifPresent(failure -> {
            throw failure;
        });
    }

    /** Ends what runs now: each piece of work fails, and is rolled back. */
    public void cancel() {
        sessions.forEach(Session::cancel);
    }

    public Target target() {
        return target;
    }

    /** How this process uses it; warehouses of one process on one file count together. */
    public WarehouseUse use() {
        return file.use();
    }

    /** The database's file, or {@code :memory:}. */
    public String location() {
        return file.name();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && (!settings.shared() || target.inMemory() || target.duckLake())) {
            file.unpin();
        }
    }
}
