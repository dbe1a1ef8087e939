package dev.landfall.warehouse;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** DuckDB refused or failed, or the warehouse could not be opened in time. The message says what was being done. */
public final class WarehouseException extends RuntimeException {
    /** What a failure means for the one who tried. */
    public enum Kind {
        /** The same may pass later: I/O, a lock, a conflict with another transaction, memory or disk used up. */
        RETRYABLE,
        /** The warehouse's own file is damaged: nothing passes until it is made anew. */
        DAMAGED,
        /** A file of the lake cannot be read, whatever the model does with it. */
        UNREADABLE_FILE,
        /** A gate refuses its rows, or a column is not what it was: what landed is to blame, and not the model. */
        REFUSED_FILE,
        /** Trying again does not help: the SQL, or values that it cannot take. */
        PERMANENT
    }

    private static final List<String> PASSING = List.of(
            "io error",
            "http error",
            "connection error",
            "transactioncontext error",
            "transaction conflict",
            "out of memory error",
            "interrupt error",
            "network error",
            // The database must be opened again, as the next session does.
            "fatal error");
    /** What DuckDB says of its own file, as opposed to one of the lake. */
    private static final Pattern DAMAGED =
            Pattern.compile("corrupt (wal|database) file|(?s)failure while replaying wal.*corrupt"
                    + "|not a valid duckdb database file|stored checksum .* in block");

    /** What may stand before DuckDB's own first words. */
    private static final Pattern WRAPPING =
            Pattern.compile("^((java\\.sql\\.)?sql\\w*exception: )?(invalid input error:"
                    + " attempting to execute an unsuccessful or closed pending query result\\s*error: )?");

    private static final String READ_ONLY = "read-only file system";
    private static final String DISK_FULL = "no space left on device";
    private static final Pattern UNREADABLE = Pattern.compile(
            "no magic bytes|too small to be a parquet|not a parquet file|invalid parquet|corrupt|thrift|tprotocol"
                    + "|ttransport|decompress|footer length|couldn't deserialize|failed to read parquet|malformed json"
                    + "|unexpected end of|unterminated quote|out of buffer|page header|is not in gzip format"
                    + "|input is not a gzip|invalid or unsupported csv|error when sniffing file|invalid unicode");
    private static final String REBUILD =
            "; the warehouse's file is damaged: 'landfall recover' sets it aside and" + " rebuilds it from the lake";
    private static final Pattern QUOTED_PATH = Pattern.compile("[\"']([^\"'\\n]*/[^\"'\\n]+)[\"']");

    private final Kind kind;
    private final @Nullable String sql;

    public WarehouseException(String message, Kind kind, @Nullable String sql, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.sql = sql;
    }

    /** Names what was being done and tells from DuckDB's words whether the failure may pass. */
    static WarehouseException of(String doing, String sql, Exception cause) {
        String message = String.valueOf(cause.getMessage());
        return new WarehouseException(
                (doing.isEmpty() ? "" : doing + ": ") + message.strip() + remedy(message),
                classify(message),
                sql,
                cause);
    }

    private static String remedy(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains(READ_ONLY)
                ? "; it is read-only: let this process write it and its folder, what waits is then done by itself"
                : lower.contains(DISK_FULL)
                        ? "; the disk is full: free some space, what waits is then done by itself"
                        : isDamage(lower) ? REBUILD : "";
    }

    private static boolean isDamage(String lower) {
        return DAMAGED.matcher(lower).find();
    }

    /** A file that DuckDB cannot open for a reason that is in the file. */
    static WarehouseException damaged(String doing, Exception cause) {
        return new WarehouseException(
                doing + ": " + String.valueOf(cause.getMessage()).strip() + REBUILD, Kind.DAMAGED, null, cause);
    }

    static Kind classify(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (isDamage(lower)) {
            return Kind.DAMAGED;
        }
        if (UNREADABLE.matcher(lower).find()) {
            return Kind.UNREADABLE_FILE;
        }
        String start = WRAPPING.matcher(lower).replaceFirst("");
        return PASSING.stream().anyMatch(start::startsWith) ? Kind.RETRYABLE : Kind.PERMANENT;
    }

    /** Whether the database serves nobody any more until it is opened again. */
    static boolean isFatal(Exception cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).startsWith("fatal error");
    }

    /** Whether there was no space to write, in the database's folder or that of temporary files. */
    static boolean isDiskFull(Exception cause) {
        return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(DISK_FULL);
    }

    public Kind kind() {
        return kind;
    }

    public boolean retryable() {
        return kind == Kind.RETRYABLE || kind == Kind.DAMAGED;
    }

    /** Whether what landed is at fault, whatever the model is like. */
    public boolean faultOfFiles() {
        return kind == Kind.UNREADABLE_FILE || kind == Kind.REFUSED_FILE;
    }

    /** The statement that failed. */
    public Optional<String> sql() {
        return Optional.ofNullable(sql);
    }

    /** Paths of files that DuckDB's message names. */
    public List<String> paths() {
        Matcher matcher = QUOTED_PATH.matcher(String.valueOf(getMessage()));
        return matcher.results().map(result -> result.group(1)).toList();
    }
}
