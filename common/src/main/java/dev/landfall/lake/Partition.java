package dev.landfall.lake;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A Hive partition: keys and values in the order of the path, values decoded as DuckDB reads them. Without keys it
 * stands for all of an unpartitioned stream.
 */
public record Partition(Map<String, String> values) implements Comparable<Partition> {
    public static final Partition NONE = new Partition(Map.of());

    private static final String NONE_PATH = "_";

    public Partition {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * The partition that a folder's path stands for. Only segments of the form {@code key=value} count, as DuckDB has
     * it.
     *
     * @param folder a path below the stream's prefix, with or without a slash at its end
     */
    public static Partition of(String folder) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String segment : folder.split("/", -1)) {
            int equals = segment.indexOf('=');
            if (equals > 0 && segment.indexOf('=', equals + 1) < 0) {
                values.put(segment.substring(0, equals), decode(segment.substring(equals + 1)));
            }
        }
        return values.isEmpty() ? NONE : new Partition(values);
    }

    /** The partition as one text, unique to it: {@code year=2026/month=01/day=15}, {@code _} for none. */
    public String path() {
        if (values.isEmpty()) {
            return NONE_PATH;
        }
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("/"));
    }

    /**
     * The older one first, where the keys are dates or numbers; whether they are padded does not matter, so that unlike
     * with {@link #equals}, {@code month=1} and {@code month=01} are the same.
     */
    @Override
    public int compareTo(Partition other) {
        return compare(values, other.values);
    }

    /** As {@link #compareTo}, of the {@link #values} of two. */
    public static int compare(Map<String, String> one, Map<String, String> other) {
        Iterator<String> left = one.values().iterator();
        Iterator<String> right = other.values().iterator();
        while (left.hasNext() && right.hasNext()) {
            int order = compare(left.next(), right.next());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }

    /** Numbers by their value, of any length, then all else as text. */
    private static int compare(String left, String right) {
        int a = firstDigit(left);
        int b = firstDigit(right);
        if (a < 0 || b < 0) {
            return a < 0 && b < 0 ? left.compareTo(right) : Integer.compare(b, a);
        }
        int length = Integer.compare(left.length() - a, right.length() - b);
        return length != 0 ? length : left.substring(a).compareTo(right.substring(b));
    }

    /** Where a number begins behind its zeros; -1 for what is none. */
    private static int firstDigit(String value) {
        int zeros = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            if (c == '0' && zeros == i) {
                zeros++;
            }
        }
        return value.isEmpty() ? -1 : zeros;
    }

    /** Unlike a map's own, which takes the first of February for the second of January. */
    @Override
    public int hashCode() {
        int sum = 0;
        for (Map.Entry<String, String> entry : values.entrySet()) {
            int mixed = (31 * entry.getKey().hashCode() + entry.getValue().hashCode()) * 0x9E3779B9;
            sum += mixed ^ mixed >>> 15;
        }
        return sum;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Partition partition && values.equals(partition.values);
    }

    @Override
    public String toString() {
        return path();
    }

    /** Percent-encodes what would make the path ambiguous: its own delimiters, {@code #} and control characters. */
    private static String encode(String value) {
        StringBuilder encoded = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '/' || c == '=' || c == '#' || c == '%' || c == 0x7f) {
                encoded.append('%').append(String.format("%02X", (int) c));
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    private static String decode(String value) {
        if (value.indexOf('%') < 0) {
            return value;
        }
        byte[] raw = value.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            int high = raw[i] == '%' && i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(raw[i + 2], 16) : -1;
            if (low >= 0) {
                decoded[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                decoded[length++] = raw[i];
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return value;
        }
    }
}
