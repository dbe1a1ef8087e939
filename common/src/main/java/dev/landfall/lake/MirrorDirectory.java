package dev.landfall.lake;

import dev.landfall.lake.LakeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A mirror's place on disk, shared by the processes of one host.
 *
 * <pre>
 * files/{hash}/{key}   the copies; the time of a file is that of its last use
 * tmp/                 downloads on their way
 * pins/                one file per lease, locked while its owner lives: the copies that must stay
 * lock                 held while pins are added or copies are thrown away
 * </pre>
 */
final class MirrorDirectory {
    /** A download that has not grown for so long has no owner any more. */
    private static final Duration ABANDONED = Duration.ofMinutes(10);

    /** How long a count of the bytes on disk is believed, as other processes add to them. */
    private static final Duration COUNT_HOLDS = Duration.ofMinutes(1);

    private static final int BUFFER = 1 << 16;

    /** A process must not open the lock files that it holds: closing any channel on one drops the lock. */
    private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

    private static final Map<Path, Set<Path>> OWN_PINS = new ConcurrentHashMap<>();

    private final Path files;
    private final Path temporary;
    private final Path pins;
    private final Path lock;
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();
    private volatile Instant counted = Instant.MIN;

    MirrorDirectory(Path directory, long maxBytes) {
        Path root = directory.toAbsolutePath().normalize();
        if (root.toString().indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "the mirror directory " + root + " has a '=' in its path, which DuckDB would take for a Hive key; "
                            + "set landfall.lake.mirror-dir");
        }
        this.files = root.resolve("files");
        this.temporary = root.resolve("tmp");
        this.pins = root.resolve("pins");
        this.lock = root.resolve("lock");
        this.maxBytes = maxBytes;
        try {
            Files.createDirectories(files);
            Files.createDirectories(temporary);
            Files.createDirectories(pins);
            clearAbandoned();
        } catch (IOException e) {
            throw new LakeException(
                    Reason.REFUSED, "cannot keep a mirror in " + root + ": " + e + "; set landfall.lake.mirror-dir", e);
        }
    }

    /** What lies here, as counted last, with what this process has added since. */
    long bytes() {
        return used.get();
    }

    /** Where the copy of a version lies, whether it is there or not. */
    Path copy(String bucket, LakeFile file) {
        Path folder = files.resolve(hash(bucket + '\0' + file.key() + '\0' + file.etag()));
        Path copy = folder.resolve(file.key());
        if (!copy.normalize().equals(copy) || !copy.startsWith(folder)) {
            throw new LakeException(
                    Reason.REFUSED, "'" + file.key() + "' in bucket '" + bucket + "' cannot be a path on disk");
        }
        return copy;
    }

    /** Keeps copies from being thrown away, also those that are not there yet, and counts them as used now. */
    Pins pin(Collection<Path> copies) {
        Path file = pins.resolve(UUID.randomUUID().toString());
        Set<Path> pinned = Set.copyOf(copies);
        try {
            FileChannel channel = exclusively(() -> {
                FileChannel made = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OWN_PINS.put(file, pinned);
                made.lock();
                write(made, pinned);
                return made;
            });
            touch(pinned);
            return new Pins(file, channel);
        } catch (IOException e) {
            OWN_PINS.remove(file);
            throw new LakeException(Reason.REFUSED, "cannot write " + file + ": " + e, e);
        }
    }

    /** Those of the copies that are not there in full length. */
    Map<Path, LakeFile> missing(Map<Path, LakeFile> copies) {
        Map<Path, LakeFile> missing = new LinkedHashMap<>();
        copies.forEach((copy, file) -> {
            try {
                if (Files.size(copy) == file.size()) {
                    return;
                }
            } catch (IOException absent) {
                // Fetched, as a torn one is.
            }
            missing.put(copy, file);
        });
        return missing;
    }

    interface Content {
        InputStream open() throws IOException;
    }

    /**
     * Stores a copy, whole or not at all.
     *
     * @throws IOException when the content broke off; trying again may help
     */
    void store(Path copy, LakeFile file, Content content) throws IOException {
        Path download = temporary.resolve(UUID.randomUUID().toString());
        try {
            try (InputStream in = content.open()) {
                long length = write(in, download);
                if (length != file.size()) {
                    throw new IOException("it ended after " + length + " of " + file.size() + " bytes");
                }
            }
            moveInto(download, copy);
            used.addAndGet(file.size());
        } finally {
            Files.deleteIfExists(download);
        }
    }

    /** Throws the least recently used copies away until there is room for so many bytes, but none that is pinned. */
    void makeRoom(long bytes) {
        boolean countHolds = Instant.now().isBefore(counted.plus(COUNT_HOLDS));
        if (countHolds && used.get() + bytes <= maxBytes) {
            return;
        }
        try {
            exclusively(() -> {
                clearAbandoned();
                List<Copy> copies = copies();
                long total = copies.stream().mapToLong(Copy::size).sum();
                if (total + bytes > maxBytes) {
                    total -= evict(copies, total + bytes - maxBytes);
                }
                used.set(total);
                counted = Instant.now();
                return total;
            });
        } catch (IOException e) {
            throw new LakeException(Reason.REFUSED, "cannot clear the mirror in " + files + ": " + e, e);
        }
    }

    private long evict(List<Copy> copies, long atLeast) throws IOException {
        Set<Path> pinned = pinned();
        copies.sort(Comparator.comparing(Copy::lastUsed));
        long freed = 0;
        for (Copy copy : copies) {
            if (freed >= atLeast) {
                break;
            }
            if (!pinned.contains(copy.path)) {
                Files.deleteIfExists(copy.path);
                deleteEmptyFolders(copy.path);
                freed += copy.size;
            }
        }
        return freed;
    }

    private void deleteEmptyFolders(Path copy) {
        for (Path folder = copy.getParent(); folder != null && !folder.equals(files); folder = folder.getParent()) {
            try {
                Files.delete(folder);
            } catch (IOException notEmpty) {
                return;
            }
        }
    }

    private List<Copy> copies() throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(files)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        copies.add(new Copy(path, attributes.size(), attributes.lastModifiedTime()));
                    }
                } catch (NoSuchFileException vanished) {
                    // Thrown away by another process.
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return copies;
    }

    /** What any living process has pinned. Pins of dead ones are removed. */
    private Set<Path> pinned() throws IOException {
        Set<Path> pinned = new HashSet<>();
        OWN_PINS.values().forEach(pinned::addAll);
        try (Stream<Path> owners = Files.list(pins)) {
            for (Path owner : owners.toList()) {
                if (!OWN_PINS.containsKey(owner) && !clearIfDead(owner)) {
                    read(owner).forEach(line -> pinned.add(files.resolve(line)));
                }
            }
        }
        return pinned;
    }

    private static boolean clearIfDead(Path owner) throws IOException {
        try (FileChannel channel = FileChannel.open(owner, StandardOpenOption.WRITE)) {
            FileLock held = channel.tryLock();
            if (held == null) {
                return false;
            }
            Files.deleteIfExists(owner);
            return true;
        } catch (NoSuchFileException released) {
            return true;
        }
    }

    private void clearAbandoned() throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (Stream<Path> downloads = Files.list(temporary)) {
            for (Path download : downloads.toList()) {
                try {
                    if (Files.getLastModifiedTime(download).compareTo(limit) < 0) {
                        Files.deleteIfExists(download);
                    }
                } catch (NoSuchFileException finished) {
                    // Its owner has moved it.
                }
            }
        }
    }

    private static List<String> read(Path owner) throws IOException {
        try {
            return List.of(Files.readString(owner).split("\0"));
        } catch (NoSuchFileException released) {
            return List.of();
        }
    }

    private void write(FileChannel channel, Set<Path> pinned) throws IOException {
        StringBuilder lines = new StringBuilder();
        pinned.forEach(path -> lines.append(files.relativize(path)).append('\0'));
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private long write(InputStream in, Path download) throws IOException {
        try (FileChannel out = FileChannel.open(download, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            long length = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    length += out.write(bytes);
                }
            }
            // Else a power cut may leave a file of the right length without its content.
            out.force(false);
            return length;
        } catch (FileSystemException e) {
            throw noPlace(download, e);
        }
    }

    private void moveInto(Path download, Path copy) throws IOException {
        Path folder = copy.getParent();
        if (folder == null) {
            throw new IllegalArgumentException("not a copy's path: " + copy);
        }
        try {
            Files.createDirectories(folder);
            Files.move(download, copy, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException folderWasCleared) {
            throw new IOException("its folder was cleared away", folderWasCleared);
        } catch (FileSystemException e) {
            throw noPlace(copy, e);
        }
    }

    private LakeException noPlace(Path path, FileSystemException e) {
        return new LakeException(
                Reason.REFUSED,
                "cannot write " + path + ": " + e.getReason() + "; see landfall.lake.mirror-dir and mirror-max-bytes",
                e);
    }

    private static void touch(Set<Path> copies) {
        FileTime now = FileTime.from(Instant.now());
        for (Path copy : copies) {
            try {
                Files.setLastModifiedTime(copy, now);
            } catch (IOException absent) {
                // Not there yet.
            }
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T exclusively(Work<T> work) throws IOException {
        ReentrantLock inThisProcess = LOCKS.computeIfAbsent(lock, path -> new ReentrantLock());
        inThisProcess.lock();
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Given back as the channel closes.
            channel.lock();
            return work.run();
        } finally {
            inThisProcess.unlock();
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            String hex = HexFormat.of().formatHex(digest, 0, 16);
            return hex.substring(0, 2) + "/" + hex.substring(2);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Copy(Path path, long size, FileTime lastUsed) {}

    /** Copies that stay until this is closed, or this process ends. */
    static final class Pins implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Pins(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(file);
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                OWN_PINS.remove(file);
            }
        }
    }
}
