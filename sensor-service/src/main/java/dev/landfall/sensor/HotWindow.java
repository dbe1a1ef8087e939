package dev.landfall.sensor;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a stream in which the next files are expected: its newest folders. It is looked at at every poll; all the
 * rest is the sweep's.
 *
 * @param kind how it is listed
 * @param after the key behind which it begins, empty for the beginning; only for {@link Kind#BEHIND_A_KEY}
 * @param depth how many folders lie below each other; only for {@link Kind#NEWEST_FOLDERS}
 */
record HotWindow(Kind kind, String after, int depth) {
    enum Kind {
        /** Newest folders come last in a listing: it begins behind a key. */
        BEHIND_A_KEY,
        /** The order of the listing is not that of time: the newest folders are looked for level by level. */
        NEWEST_FOLDERS
    }

    /** With the files that land next it still fits into one page. */
    private static final int FILES = 900;

    /** A sync that began before midnight goes on writing into its folder. */
    private static final int FOLDERS_AT_LEAST = 2;

    private static final Pattern TIME_LIKE = Pattern.compile("\\d[\\dT:._-]*Z?");
    private static final Pattern DATE = Pattern.compile("(\\d{4})\\D{0,8}(\\d{2})\\D{0,6}(\\d{2})(?!\\d)");

    /**
     * How a stream's folders lie.
     *
     * @param depth how many lie below each other
     * @param isInOrderOfTime whether the newest come last in a listing
     */
    record Shape(int depth, boolean isInOrderOfTime) {
        static Shape of(NavigableMap<String, Integer> folders, String prefix) {
            List<String[]> paths = deepest(folders, prefix);
            int depth = paths.isEmpty() ? 0 : paths.get(0).length;
            return new Shape(depth, HotWindow.isInOrderOfTime(paths, depth));
        }
    }

    /**
     * The window over what is known.
     *
     * @param shape of the table's folders
     * @param today in UTC, as the paths of Airbyte are
     * @param byFolders whether the store lists folders better than what comes behind a key
     */
    static HotWindow of(LandedTable table, String prefix, Shape shape, LocalDate today, boolean byFolders) {
        if (table.files() <= FILES) {
            return behind("");
        }
        if (shape.depth == 0) {
            return behind(keyFromTheEnd(table.keys()));
        }
        return shape.isInOrderOfTime && !byFolders
                ? behind(newestFolders(table.folders(), prefix, today))
                : new HotWindow(Kind.NEWEST_FOLDERS, "", shape.depth);
    }

    /** Whether nothing is left for a sweep. */
    boolean isEverything() {
        return kind == Kind.BEHIND_A_KEY && after.isEmpty();
    }

    private static HotWindow behind(String after) {
        return new HotWindow(Kind.BEHIND_A_KEY, after, 0);
    }

    /** The segments of those folders below which there are no others. */
    private static List<String[]> deepest(NavigableMap<String, Integer> folders, String prefix) {
        List<String[]> deepest = new ArrayList<>();
        int depth = 0;
        for (String folder : folders.keySet()) {
            String below = folder.startsWith(prefix) ? folder.substring(prefix.length()) : "";
            String[] segments = below.isEmpty() ? new String[0] : below.split("/", 0);
            if (segments.length > depth) {
                depth = segments.length;
                deepest.clear();
            }
            if (segments.length == depth) {
                deepest.add(segments);
            }
        }
        return deepest;
    }

    /** Whether names on each level are all the same, or times written in the same length. */
    private static boolean isInOrderOfTime(List<String[]> paths, int depth) {
        for (int level = 0; level < depth; level++) {
            Set<String> names = new HashSet<>();
            for (String[] path : paths) {
                names.add(path[level]);
            }
            if (names.size() > 1 && !areTimesOfOneLength(names)) {
                return false;
            }
            if (names.size() == 1 && isUnpadded(names.iterator().next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean areTimesOfOneLength(Set<String> names) {
        String first = names.iterator().next();
        for (String name : names) {
            boolean sameKey = key(name).equals(key(first));
            if (!sameKey || name.length() != first.length() || !isTimeLike(name) || isUnpadded(name)) {
                return false;
            }
        }
        return true;
    }

    static boolean isTimeLike(String segment) {
        return TIME_LIKE.matcher(value(segment)).matches();
    }

    private static boolean isUnpadded(String segment) {
        return value(segment).length() == 1 && isTimeLike(segment);
    }

    private static String key(String segment) {
        return segment.substring(0, segment.indexOf('=') + 1);
    }

    static String value(String segment) {
        return segment.substring(segment.indexOf('=') + 1);
    }

    private static String newestFolders(NavigableMap<String, Integer> folders, String prefix, LocalDate today) {
        int files = 0;
        int taken = 0;
        String oldest = "";
        for (Map.Entry<String, Integer> folder : folders.descendingMap().entrySet()) {
            files += folder.getValue();
            boolean fits = files <= FILES || taken < FOLDERS_AT_LEAST;
            if (!fits && isBefore(folder.getKey().substring(prefix.length()), today.minusDays(1))) {
                break;
            }
            oldest = folder.getKey();
            taken++;
        }
        return oldest;
    }

    /** A folder of the far future must not keep today's out of the window. */
    private static boolean isBefore(String path, LocalDate day) {
        Matcher date = DATE.matcher(path);
        if (!date.find()) {
            return true;
        }
        try {
            return LocalDate.of(
                            Integer.parseInt(date.group(1)),
                            Integer.parseInt(date.group(2)),
                            Integer.parseInt(date.group(3)))
                    .isBefore(day);
        } catch (DateTimeException notADate) {
            return true;
        }
    }

    private static String keyFromTheEnd(NavigableSet<String> keys) {
        int left = FILES;
        for (String key : keys.descendingSet()) {
            if (left-- == 0) {
                return key;
            }
        }
        return "";
    }
}
