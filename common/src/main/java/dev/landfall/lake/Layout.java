package dev.landfall.lake;

import java.util.regex.Pattern;

/**
 * How a stream's objects lie below its prefix: Hive keys of any names and depth, or none, and which objects are
 * landings.
 *
 * @param prefix the stream's prefix in the bucket, ending with a slash; empty for the whole bucket
 */
public record Layout(String prefix) {
    /** What an object below the prefix is. */
    public enum Kind {
        /** Data of the stream. */
        LANDING,
        /** Of no length: a folder's marker, or a writer that made its object before it had rows. */
        EMPTY,
        /** What a writer leaves while it works: below {@code __airbyte_tmp/}, or a name that begins with a dot. */
        TEMPORARY,
        /** A name that no reader is known for. */
        UNKNOWN
    }

    /** Airbyte puts {@code -N} after the extension where two names meet. */
    private static final Pattern NAME =
            Pattern.compile(".+\\.(parquet|jsonl(\\.gz)?|csv(\\.gz)?)(-\\d+)?", Pattern.CASE_INSENSITIVE);

    public Layout {
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("the prefix '" + prefix + "' does not end with a slash");
        }
    }

    public Kind kind(LakeFile file) {
        String key = file.key();
        if (!key.startsWith(prefix)) {
            return Kind.UNKNOWN;
        }
        String below = key.substring(prefix.length());
        if (below.startsWith(".") || below.contains("/.") || below.contains("__airbyte_tmp/")) {
            String framed = "/" + below + "/";
            boolean isOdd = framed.contains("/../") || framed.contains("/./") || isOdd(below);
            return isOdd ? Kind.UNKNOWN : Kind.TEMPORARY;
        }
        if (file.size() == 0) {
            return Kind.EMPTY;
        }
        if (isOdd(below)
                || !NAME.matcher(below.substring(below.lastIndexOf('/') + 1)).matches()) {
            return Kind.UNKNOWN;
        }
        return Kind.LANDING;
    }

    /** The partition that an object below the prefix belongs to. */
    public Partition partition(String key) {
        return Partition.of(folder(key).substring(prefix.length()));
    }

    /** The folder that holds an object, ending with a slash. */
    public String folder(String key) {
        if (!key.startsWith(prefix)) {
            throw new IllegalArgumentException(key + " does not lie below " + prefix);
        }
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    /** Keys that no file system can hold as a path, so that a mirror could not either; dots are seen to before. */
    private static boolean isOdd(String below) {
        return below.startsWith("/") || below.contains("//") || below.indexOf('\0') >= 0;
    }
}
