package dev.landfall.lake;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a listing.
 *
 * @param next the token of the next page, or null when this is the last one
 */
public record LakePage(List<LakeFile> files, @Nullable String next) {
    public LakePage {
        files = List.copyOf(files);
    }
}
