package dev.landfall.lake;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object store, read only; safe for many threads. Few methods, so that a second implementation is easy.
 *
 * <p>Every method throws {@link LakeException} when the store does not answer or refuses; the message names bucket and
 * key and says what to do next.
 */
public interface Lake extends AutoCloseable {
    /**
     * One page of a listing, in UTF-8 order of the keys.
     *
     * @param startAfter only keys greater than this one, or null for all; ignored when {@code token} is given
     * @param token the previous page's {@link LakePage#next()}, or null for the first page
     */
    LakePage list(String bucket, String prefix, @Nullable String startAfter, @Nullable String token);

    /** All files under a prefix, in UTF-8 order of the keys: every page of {@link #list}. */
    default List<LakeFile> listAll(String bucket, String prefix) {
        List<LakeFile> files = new ArrayList<>();
        String token = null;
        do {
            LakePage page = list(bucket, prefix, null, token);
            files.addAll(page.files());
            token = page.next();
        } while (token != null);
        return files;
    }

    /**
     * The folders directly below a prefix, in UTF-8 order: what comes before the next slash.
     *
     * @param prefix ends with a slash
     * @return whole prefixes, each ending with a slash
     */
    List<String> folders(String bucket, String prefix);

    /** The file's content; refuses with {@link LakeException} when the object is no longer of the file's version. */
    InputStream open(String bucket, LakeFile file) throws IOException;

    /** The present version of an object, or empty when there is none. */
    Optional<LakeFile> stat(String bucket, String key);

    /** Fails with one clear error when the bucket does not exist or may not be read. */
    void check(String bucket);

    @Override
    void close();
}
