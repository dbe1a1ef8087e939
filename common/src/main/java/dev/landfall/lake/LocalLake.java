package dev.landfall.lake;

import dev.landfall.lake.LakeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A directory whose sub-folders are the buckets. Whoever writes into it should write a file aside and rename it, so that
 * it appears whole, as an object does.
 *
 * <p>A page costs the folders that lie behind its start, not those before.
 */
public final class LocalLake implements Lake {
    private static final int PAGE_SIZE = 1_000;

    private final Path root;
    private final int pageSize;

    public LocalLake(Path root) {
        this(root, PAGE_SIZE);
    }

    LocalLake(Path root, int pageSize) {
        this.root = root.toAbsolutePath().normalize();
        this.pageSize = pageSize;
    }

    public Path root() {
        return root;
    }

    /** Where an object lies on disk. */
    public Path path(String bucket, String key) {
        Path folder = bucketFolder(bucket);
        Path path = folder.resolve(key).normalize();
        if (!path.startsWith(folder) || !path.equals(folder.resolve(key))) {
            throw new LakeException(Reason.REFUSED, "'" + key + "' is not a path below " + folder);
        }
        return path;
    }

    @Override
    public LakePage list(String bucket, String prefix, @Nullable String startAfter, @Nullable String token) {
        check(bucket);
        Walk walk = new Walk(prefix, token != null ? token : startAfter == null ? "" : startAfter, pageSize + 1);
        walk.start(bucketFolder(bucket));
        List<LakeFile> files = walk.found;
        if (files.size() <= pageSize) {
            return new LakePage(files, null);
        }
        List<LakeFile> page = files.subList(0, pageSize);
        return new LakePage(page, page.get(pageSize - 1).key());
    }

    @Override
    public List<LakeFile> listAll(String bucket, String prefix) {
        check(bucket);
        Walk walk = new Walk(prefix, "", Integer.MAX_VALUE);
        walk.start(bucketFolder(bucket));
        return walk.found;
    }

    @Override
    public List<String> folders(String bucket, String prefix) {
        check(bucket);
        return leavesBucket(prefix)
                ? List.of()
                : entries(bucketFolder(bucket).resolve(prefix)).stream()
                        .filter(Entry::isFolder)
                        .map(entry -> prefix + entry.name)
                        .toList();
    }

    @Override
    public InputStream open(String bucket, LakeFile file) throws IOException {
        Path path = path(bucket, file.key());
        requireUnchanged(bucket, file);
        InputStream content;
        try {
            content = Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw gone(bucket, file);
        }
        try {
            // Asked again now that it is open: what is open is then the version that was asked for.
            requireUnchanged(bucket, file);
        } catch (LakeException e) {
            content.close();
            throw e;
        }
        return content;
    }

    @Override
    public Optional<LakeFile> stat(String bucket, String key) {
        Path path = path(bucket, key);
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.isDirectory() ? Optional.empty() : Optional.of(version(key, attributes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw refused(path, e);
        }
    }

    @Override
    public void check(String bucket) {
        Path folder = bucketFolder(bucket);
        if (!Files.isDirectory(folder)) {
            throw new LakeException(
                    Reason.NO_SUCH_BUCKET,
                    "bucket '" + bucket + "' does not exist: " + folder + " is not a directory; create it, or set "
                            + "landfall.lake.bucket or the stream file's 'bucket'");
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new LakeException(Reason.DENIED, "bucket '" + bucket + "' may not be read: " + folder);
        }
    }

    @Override
    public void close() {}

    /** Refuses a file that is no longer of the version that was listed. */
    void requireUnchanged(String bucket, LakeFile file) {
        LakeFile present = stat(bucket, file.key()).orElseThrow(() -> gone(bucket, file));
        if (!present.etag().equals(file.etag())) {
            throw new LakeException(
                    Reason.CHANGED,
                    bucket + "/" + file.key() + " was replaced since it was listed; its partition is announced anew");
        }
    }

    private static LakeException gone(String bucket, LakeFile file) {
        return new LakeException(
                Reason.CHANGED,
                bucket + "/" + file.key() + " is gone since it was listed; its partition is announced anew");
    }

    private Path bucketFolder(String bucket) {
        Path folder = root.resolve(bucket).normalize();
        if (bucket.isEmpty() || !root.equals(folder.getParent())) {
            throw new LakeException(Reason.REFUSED, "'" + bucket + "' is not a bucket's name");
        }
        return folder;
    }

    private static boolean leavesBucket(String folder) {
        return folder.startsWith("/") || ("/" + folder).contains("/../");
    }

    private static LakeFile version(String key, BasicFileAttributes attributes) {
        long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        StringBuilder etag = new StringBuilder();
        etag.append(Long.toHexString(attributes.size())).append('-').append(Long.toHexString(nanos));
        etag.append(inode(attributes));
        return new LakeFile(
                key,
                attributes.size(),
                etag.toString(),
                attributes.lastModifiedTime().toInstant());
    }

    /** Tells a file from the one that was renamed over it within one tick of the clock; empty where there is none. */
    private static String inode(BasicFileAttributes attributes) {
        String key = String.valueOf(attributes.fileKey());
        int at = key.indexOf("ino=");
        return at < 0 ? "" : "-" + key.substring(at + "ino=".length(), key.length() - 1);
    }

    /** In the order of their keys; none when the folder is not there. What vanishes while it is read is left out. */
    private static List<Entry> entries(Path folder) {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path path : stream) {
                entry(path, entries);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException | IOException e) {
            throw refused(folder, e);
        }
        entries.sort((a, b) -> KeyOrder.UTF_8.compare(a.name, b.name));
        return entries;
    }

    private static void entry(Path path, List<Entry> entries) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            String name = String.valueOf(path.getFileName());
            if (attributes.isDirectory()) {
                entries.add(new Entry(name + "/", path, attributes));
            } else if (attributes.isRegularFile()) {
                entries.add(new Entry(name, path, attributes));
            }
        } catch (NoSuchFileException vanished) {
            // As if it had not been listed.
        }
    }

    private static LakeException refused(Path path, Exception cause) {
        if (cause instanceof AccessDeniedException) {
            return new LakeException(Reason.DENIED, path + " may not be read; check its owner and mode", cause);
        }
        return new LakeException(Reason.UNREACHABLE, "cannot read " + path + ": " + cause.getMessage(), cause);
    }

    /** @param name with a slash at its end for a folder, which is how a folder's keys sort among its siblings */
    private record Entry(String name, Path path, BasicFileAttributes attributes) {
        boolean isFolder() {
            return attributes.isDirectory();
        }
    }

    /** Collects the files behind a start, in the order of their keys. */
    private static final class Walk {
        final List<LakeFile> found = new ArrayList<>();
        private final String prefix;
        private final String startAfter;
        private final int limit;

        Walk(String prefix, String startAfter, int limit) {
            this.prefix = prefix;
            this.startAfter = startAfter;
            this.limit = limit;
        }

        void start(Path bucket) {
            String folder = prefix.substring(0, prefix.lastIndexOf('/') + 1);
            if (!leavesBucket(folder)) {
                walk(bucket.resolve(folder), folder);
            }
        }

        private void walk(Path folder, String key) {
            for (Entry entry : entries(folder)) {
                if (found.size() >= limit) {
                    return;
                }
                String child = key + entry.name;
                if (entry.isFolder()) {
                    if (mayHoldWanted(child)) {
                        walk(entry.path, child);
                    }
                } else if (child.startsWith(prefix) && KeyOrder.UTF_8.compare(child, startAfter) > 0) {
                    found.add(version(child, entry.attributes));
                }
            }
        }

        private boolean mayHoldWanted(String folder) {
            boolean behindStart = startAfter.startsWith(folder) || KeyOrder.UTF_8.compare(folder, startAfter) > 0;
            return behindStart && (folder.startsWith(prefix) || prefix.startsWith(folder));
        }
    }
}
