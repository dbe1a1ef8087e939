package dev.landfall.run;

import java.util.regex.Pattern;

/**
 * A file pattern in object storage as DuckDB reads it: {@code *} and {@code ?} within a folder, {@code **} for any
 * folders, {@code [a-z]}.
 *
 * @param bucket what stands between {@code s3://} and the first slash
 * @param path the rest
 */
record Glob(String bucket, String path) {

    static Glob of(String uri) {
        String rest = uri.substring(uri.indexOf("://") + 3);
        int slash = rest.indexOf('/');
        return slash < 0 ? new Glob(rest, "") : new Glob(rest.substring(0, slash), rest.substring(slash + 1));
    }

    /** Whether it names one object and no more. */
    boolean exact() {
        return firstWildcard() < 0;
    }

    /** The folder that everything it can match lies below, ending with a slash or empty. */
    String folder() {
        int end = firstWildcard() < 0 ? path.length() : firstWildcard();
        return path.substring(0, path.lastIndexOf('/', Math.max(0, end - 1)) + 1);
    }

    private int firstWildcard() {
        for (int i = 0; i < path.length(); i++) {
            if ("*?[".indexOf(path.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /** What the keys of matching objects look like. */
    Pattern pattern() {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (path.startsWith("**/", i) && (i == 0 || path.charAt(i - 1) == '/')) {
                regex.append("(?:[^/]+/)*");
                i += 2;
            } else if (path.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && path.indexOf(']', i + 1) > 0) {
                int end = path.indexOf(']', i + 1);
                String set = path.substring(i + 1, end);
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + path;
    }
}
