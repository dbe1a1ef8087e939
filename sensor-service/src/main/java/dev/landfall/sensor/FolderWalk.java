package dev.landfall.sensor;

import dev.landfall.lake.Lake;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds the newest folders of a stream level by level, where the order of a listing is not that of time: {@code
 * month=10} before {@code month=9}, {@code region=eu} before {@code region=us}.
 */
final class FolderWalk {
    private static final int NEWEST = 3;

    /** More branches than this are left to the sweep. */
    private static final int CALLS_AT_MOST = 64;

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final Lake lake;
    private final String bucket;
    private final int depth;
    private final List<Span> found = new ArrayList<>();
    private int calls;

    private FolderWalk(Lake lake, String bucket, int depth) {
        this.lake = lake;
        this.bucket = bucket;
        this.depth = depth;
    }

    /** The newest folders; of each branch, where branches are not times. */
    static List<Span> newest(Lake lake, String bucket, String prefix, int depth) {
        FolderWalk walk = new FolderWalk(lake, bucket, depth);
        walk.descend(prefix, 0, NEWEST);
        return walk.found;
    }

    /** @return how many folders were found below */
    private int descend(String folder, int level, int wanted) {
        List<String> below = level < depth && calls < CALLS_AT_MOST ? children(folder) : List.of();
        if (below.isEmpty()) {
            found.add(new Span(folder, null, null));
            return 1;
        }
        int taken = 0;
        for (String child : below) {
            boolean isTime = HotWindow.isTimeLike(name(child));
            if (!isTime) {
                descend(child, level + 1, wanted);
            } else if (taken < wanted) {
                taken += descend(child, level + 1, wanted - taken);
            }
        }
        return Math.max(taken, 1);
    }

    /** The newest first. */
    private List<String> children(String folder) {
        calls++;
        List<String> children = new ArrayList<>(lake.folders(bucket, folder));
        children.sort(Comparator.comparing(FolderWalk::sortable).reversed());
        return children;
    }

    private static String name(String folder) {
        return folder.substring(folder.lastIndexOf('/', folder.length() - 2) + 1, folder.length() - 1);
    }

    /** Numbers made equally long, so that texts sort as their numbers do. */
    private static String sortable(String folder) {
        return NUMBER.matcher(HotWindow.value(name(folder))).replaceAll(FolderWalk::padded);
    }

    private static String padded(MatchResult number) {
        return String.format("%020d", new BigInteger(number.group()));
    }
}
