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
            "network error");
    private static final Pattern UNREADABLE = Pattern.compile(
            "no magic bytes|too small to be a parquet|not a parquet file|invalid parquet|corrupt|thrift|tprotocol"
                    + "|ttransport|decompress|footer length|couldn't deserialize|failed to read parquet|malformed json"
                    + "|unexpected end of|unterminated quote|out of buffer|page header|is not in gzip format"
                    + "|input is not a gzip|invalid or unsupported csv|error when sniffing file|invalid unicode");
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
                (doing.isEmpty() ? "" : doing + ": ") + message.strip(), classify(message), sql, cause);
    }

    static Kind classify(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        if (UNREADABLE.matcher(lower).find()) {
            return Kind.UNREADABLE_FILE;
        }
        String start = lower.replaceFirst("^(java\\.sql\\.)?sql\\w*exception: ", "");
        return PASSING.stream().anyMatch(start::startsWith) ? Kind.RETRYABLE : Kind.PERMANENT;
    }

    public Kind kind() {
        return kind;
    }

    public boolean retryable() {
        return kind == Kind.RETRYABLE;
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
