package dev.landfall.project;

/** A stream's source and name, as its folder and file spell them: {@code shopify}, {@code orders}. */
public record StreamName(String source, String stream) implements Comparable<StreamName> {
    public StreamName {
        requireName(source, "source");
        requireName(stream, "stream");
    }

    private static void requireName(String name, String what) {
        if (!name.matches("[a-z0-9_]+")) {
            throw new IllegalArgumentException(what + " '" + name + "' is not of the form [a-z0-9_]+");
        }
    }

    /**
     * Reads {@code source.stream}.
     *
     * @throws IllegalArgumentException when it is not of that form
     */
    public static StreamName parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("'" + text + "' is not of the form source.stream");
        }
        return new StreamName(parts[0], parts[1]);
    }

    /** The tag that a model bears to be run by this stream: {@code shopify__orders}. */
    public String tag() {
        return source + "__" + stream;
    }

    @Override
    public int compareTo(StreamName other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return source + "." + stream;
    }
}
