package dev.landfall.warehouse;

import dev.landfall.project.Target;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One database file as this JVM sees it: open once at most, whoever works with it, and only while this process has its
 * turn. Pinned by those who keep it open.
 */
final class DatabaseFile {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseFile.class);
    private static final Map<Path, DatabaseFile> FILES = new ConcurrentHashMap<>();
    private static final DateTimeFormatter ASIDE =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    private static final String FOREIGN_LOCK = "could not set lock on file";

    private static final List<String> DAMAGE = List.of(
            "data corruption error",
            "corrupt database file",
            "not a valid duckdb database file",
            "could not read enough bytes",
            "deserializ",
            "failure while replaying wal");
    private static final List<String> PASSING =
            List.of("no space left", "out of memory", "disk quota", "permission denied");

    private final @Nullable Path file;
    private final Map<String, ReentrantLock> relationLocks = new ConcurrentHashMap<>();
    private final UseCount use;
    private final WriteFailures writeFailures = new WriteFailures();
    private @Nullable Hold hold;
    private int pins;
    private boolean changing;
    /** What keeps the one who opens it from doing so. */
    private volatile @Nullable WarehouseException obstacle;

    /** The open database, and who works with it. */
    private static final class Hold {
        private final DuckDBConnection root;
        private final TurnLock.@Nullable Turn turn;
        private final long since = System.nanoTime();
        private int users = 1;
        /** DuckDB gave it up after an error, say at a full disk: it must be opened again. */
        private boolean broken;

        private final Set<String> done = new HashSet<>();

        private Hold(DuckDBConnection root, TurnLock.@Nullable Turn turn) {
            this.root = root;
            this.turn = turn;
        }
    }

    private boolean joinable(Hold held, WarehouseSettings settings) {
        return !held.broken
                && (held.turn == null
                        || pins > 0
                        || System.nanoTime() - held.since < settings.maxHold().toNanos());
    }

    private DatabaseFile(@Nullable Path file) {
        this.file = file;
        this.use = new UseCount(file);
    }

    /** Every warehouse of this JVM on one file shares one of these; a database in memory is nobody else's. */
    static DatabaseFile at(@Nullable Path file) {
        return file == null
                ? new DatabaseFile(null)
                : FILES.computeIfAbsent(file.toAbsolutePath().normalize(), DatabaseFile::new);
    }

    /** Does something the first time that it is asked for since the file was opened; others wait for its end. */
    void once(String what, Runnable work) {
        Set<String> done;
        synchronized (this) {
            if (hold == null) {
                throw new IllegalStateException(name() + " is not open");
            }
            done = hold.done;
        }
        synchronized (done) {
            if (!done.contains(what)) {
                work.run();
                done.add(what);
            }
        }
    }

    WarehouseUse use() {
        return use.now();
    }

    WriteFailures writeFailures() {
        return writeFailures;
    }

    ReentrantLock lockOf(String relation) {
        return relationLocks.computeIfAbsent(relation, name -> new ReentrantLock(true));
    }

    /** Opens the file if it is not open, and keeps it so until {@link #unpin}. */
    void pin(Target target, WarehouseSettings settings) {
        enter(target, settings, settings.owner());
        synchronized (this) {
            pins++;
        }
        leave();
    }

    void unpin() {
        synchronized (this) {
            pins--;
            if (hold == null || changing) {
                return;
            }
            hold.users++;
        }
        leave();
    }

    /** What was open cannot be used any more: who comes next opens the file again. */
    synchronized void broke() {
        if (hold != null && !hold.broken) {
            hold.broken = true;
            LOG.warn("{} must be opened again after a fatal error of DuckDB", name());
        }
    }

    /** A connection of one's own; {@link #leave()} must follow when it is closed. */
    DuckDBConnection connect(Target target, WarehouseSettings settings, String purpose) {
        Hold held = enter(target, settings, purpose);
        try {
            synchronized (held.root) {
                return held.root.duplicate();
            }
        } catch (SQLException e) {
            leave();
            throw WarehouseException.of("connect to " + name(), "", e);
        }
    }

    private Hold enter(Target target, WarehouseSettings settings, String purpose) {
        long start = System.nanoTime();
        try {
            Hold held = enter(
                    target, settings, purpose, start + settings.lockTimeout().toNanos());
            use.began(System.nanoTime() - start);
            return held;
        } catch (WarehouseException e) {
            if (System.nanoTime() - start >= settings.lockTimeout().toNanos()) {
                use.timedOut();
            }
            throw e;
        }
    }

    private Hold enter(Target target, WarehouseSettings settings, String purpose, long deadline) {
        synchronized (this) {
            while (changing || (hold != null && !joinable(hold, settings))) {
                long nanos = deadline - System.nanoTime();
                if (nanos <= 0) {
                    throw busy(settings);
                }
                try {
                    wait(nanos / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
            }
            if (hold != null) {
                hold.users++;
                return hold;
            }
            changing = true;
        }
        Hold opened = null;
        try {
            opened = open(target, settings, purpose, deadline);
            return opened;
        } finally {
            obstacle = null;
            synchronized (this) {
                hold = opened;
                changing = false;
                notifyAll();
            }
        }
    }

    private WarehouseException busy(WarehouseSettings settings) {
        WarehouseException known = obstacle;
        String why = known == null
                ? ": " + name() + " is held by "
                        + (file == null
                                ? "this process"
                                : TurnLock.at(Path.of(file + ".lock")).holder())
                        + "; wait for it, or raise landfall.warehouse.lock-timeout"
                : "; " + known.getMessage();
        return new WarehouseException(
                "no turn at the warehouse in " + settings.lockTimeout().toSeconds() + " s" + why,
                Kind.RETRYABLE,
                null,
                known);
    }

    private WarehouseException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new WarehouseException("interrupted while waiting for " + name(), Kind.RETRYABLE, null, cause);
    }

    /** What is open stays the same as long as somebody works with it. */
    void leave() {
        Hold held;
        synchronized (this) {
            held = hold;
            if (held == null) {
                return;
            }
            if (!held.broken) {
                use.look(held.root);
            }
            if (--held.users > 0 || (pins > 0 && !held.broken)) {
                return;
            }
            changing = true;
        }
        try {
            close(held);
        } finally {
            synchronized (this) {
                hold = null;
                changing = false;
                notifyAll();
            }
        }
    }

    private Hold open(Target target, WarehouseSettings settings, String purpose, long deadline) {
        TurnLock.Turn turn = file == null
                ? null
                : TurnLock.at(Path.of(file + ".lock"))
                        .take(
                                purpose.equals(settings.owner()) ? purpose : settings.owner() + ": " + purpose,
                                Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        boolean open = false;
        try {
            Hold opened = new Hold(openWaiting(target, settings, deadline), turn);
            open = true;
            return opened;
        } finally {
            if (!open && turn != null) {
                turn.close();
            }
        }
    }

    /** A program that does not know our lock may have the file: DuckDB itself does not wait. */
    private DuckDBConnection openWaiting(Target target, WarehouseSettings settings, long deadline) {
        for (long millis = 20; ; millis = Math.min(500, millis * 2)) {
            try {
                return openDatabase(target, settings);
            } catch (SQLException e) {
                boolean foreign = isForeign(e);
                if (isDamage(e)) {
                    throw WarehouseException.damaged("open the warehouse " + name(), e);
                }
                WarehouseException failure = WarehouseException.of(
                        "open the warehouse " + name()
                                + (foreign ? " (another program has it open; close it there)" : ""),
                        "",
                        e);
                if (!foreign || System.nanoTime() >= deadline) {
                    throw failure;
                }
                obstacle = failure;
                sleep(millis);
            }
        }
    }

    /** Moves the file and its log out of the way, under its lock. */
    Path setAside(Target target, WarehouseSettings settings, boolean force) {
        Path database = Objects.requireNonNull(file);
        synchronized (this) {
            if (hold != null || changing) {
                throw busy(settings);
            }
            try (TurnLock.Turn turn =
                    TurnLock.at(Path.of(file + ".lock")).take(settings.owner(), settings.lockTimeout())) {
                Objects.requireNonNull(turn);
                if (!Files.exists(database)) {
                    throw refused("there is no file " + database + "; nothing has to be set aside");
                }
                tryToOpen(target, settings, force);
                String aside = database.getFileName() + ".aside-" + ASIDE.format(Instant.now());
                for (Path part : parts(database)) {
                    String name = part.getFileName().toString();
                    String suffix =
                            name.substring(database.getFileName().toString().length());
                    Files.move(part, part.resolveSibling(aside + suffix));
                }
                return database.resolveSibling(aside);
            } catch (IOException e) {
                throw new WarehouseException("cannot set " + database + " aside: " + e, Kind.RETRYABLE, null, e);
            }
        }
    }

    private void tryToOpen(Target target, WarehouseSettings settings, boolean force) {
        try {
            openDatabase(target, settings).close();
            if (!force) {
                throw refused("DuckDB can open " + name() + "; to set it aside all the same, force it");
            }
        } catch (SQLException e) {
            if (isForeign(e)) {
                throw refused(name() + " is not set aside: another program has it open; close it there");
            }
        }
    }

    private static WarehouseException refused(String why) {
        return new WarehouseException(why, Kind.PERMANENT, null, null);
    }

    /** The database and its logs; not our lock, nor what DuckDB spills. */
    private static List<Path> parts(Path database) throws IOException {
        String name = database.getFileName().toString();
        try (Stream<Path> siblings = Files.list(database.toAbsolutePath().getParent())) {
            return siblings.filter(path -> {
                        String each = path.getFileName().toString();
                        return each.equals(name) || (each.startsWith(name + ".") && each.endsWith("wal"));
                    })
                    .toList();
        }
    }

    private static boolean isForeign(SQLException e) {
        return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains(FOREIGN_LOCK);
    }

    /** A full disk or too little memory may end a replay of the log, too. */
    private boolean isDamage(SQLException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return file != null
                && DAMAGE.stream().anyMatch(message::contains)
                && PASSING.stream().noneMatch(message::contains);
    }

    private void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private DuckDBConnection openDatabase(Target target, WarehouseSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(target.configOptions());
        String url = "jdbc:duckdb:" + (file == null ? (target.inMemory() ? target.path() : "") : file);
        if (target.duckLake()) {
            url = "jdbc:duckdb:";
        }
        Connection connection = DriverManager.getConnection(url, properties);
        boolean ready = false;
        try {
            for (String sql : OpeningSql.of(target, settings, file)) {
                LOG.debug("{}", Redaction.of(target, sql));
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                } catch (SQLException e) {
                    // Without its cause: DuckDB's own message may quote the statement, secrets and all.
                    SQLException told = new SQLException(Redaction.of(target, e.getMessage()) + "\n  at: "
                            + Redaction.of(target, OpeningSql.withoutSecrets(sql)) + OpeningSql.remedy(sql));
                    told.setStackTrace(e.getStackTrace());
                    throw told;
                }
            }
            ready = true;
            return connection.unwrap(DuckDBConnection.class);
        } finally {
            if (!ready) {
                connection.close();
            }
        }
    }

    private void close(Hold held) {
        try {
            held.root.close();
        } catch (SQLException e) {
            throw WarehouseException.of("close the warehouse " + name(), "", e);
        } finally {
            if (held.turn != null) {
                held.turn.close();
            }
        }
    }

    String name() {
        return file == null ? ":memory:" : file.toString();
    }

    /** Names of the locks that are held now, for tests. */
    List<String> lockedRelations() {
        return relationLocks.entrySet().stream()
                .filter(entry -> entry.getValue().isLocked())
                .map(Map.Entry::getKey)
                .toList();
    }
}
