package dev.landfall.run;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeException;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.StoreAccess;
import dev.landfall.warehouse.Session;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lake as one run sees it. Nothing is listed or fetched while the run has its turn at the warehouse: what is not at
 * hand ends the turn, is fetched, and the work begins again.
 */
final class LakeView implements AutoCloseable {
    private static final int ROUNDS = 20;

    private final @Nullable Lake lake;
    private final @Nullable LakeReader reader;
    private final Map<Glob, List<LakeFile>> listings = new HashMap<>();
    private final Map<Glob, Optional<LakeFile>> stats = new HashMap<>();
    private final Map<String, String> paths = new HashMap<>();
    private final List<LakeReader.Lease> leases = new ArrayList<>();
    private final Set<Glob> unlisted = new LinkedHashSet<>();
    private final Set<Glob> unknown = new LinkedHashSet<>();
    /** Whether the files were still those that were listed when something was committed. */
    private boolean checked;

    private final Map<String, Map<String, LakeFile>> unfetched = new LinkedHashMap<>();

    LakeView(@Nullable Lake lake, @Nullable LakeReader reader) {
        this.lake = lake;
        this.reader = reader;
    }

    /** Something of the lake is not at hand. */
    private static final class NotAtHand extends RuntimeException {
        NotAtHand() {
            super("not at hand", null, false, false);
        }
    }

    boolean configured() {
        return lake != null && reader != null;
    }

    /** Does work in a turn at the warehouse, with all that it asks of the lake at hand. */
    <T> T work(Warehouse warehouse, String purpose, Warehouse.Work<T> work) {
        for (int round = 0; ; round++) {
            try {
                Optional<StoreAccess> access = reader == null ? Optional.empty() : reader.access();
                checked = false;
                return warehouse.with(purpose, (Session session) -> {
                    access.ifPresent(session::readLake);
                    session.beforeCommit(this::requireUnchanged);
                    T result = work.with(session);
                    requireAtHand();
                    if (!checked) {
                        requireUnchanged();
                    }
                    return result;
                });
            } catch (WarehouseException e) {
                // Of a file that was replaced DuckDB says anything: that it is broken, too short, another one.
                throw changed(e).orElseThrow(() -> e);
            } catch (NotAtHand e) {
                if (round == ROUNDS) {
                    throw new IllegalStateException(purpose + " asks for other files of the lake each time", e);
                }
                fetch();
            }
        }
    }

    private void requireUnchanged() {
        leases.forEach(LakeReader.Lease::requireUnchanged);
        checked = true;
    }

    private Optional<LakeException> changed(WarehouseException failure) {
        try {
            if (!checked) {
                requireUnchanged();
            }
            return Optional.empty();
        } catch (LakeException e) {
            failure.addSuppressed(e);
            return e.reason() == LakeException.Reason.CHANGED ? Optional.of(e) : Optional.empty();
        }
    }

    /** Ends the turn when something is missing; before anything is written. */
    void requireAtHand() {
        if (!unlisted.isEmpty() || !unknown.isEmpty() || !unfetched.isEmpty()) {
            throw new NotAtHand();
        }
    }

    /** All objects below a folder of a bucket. */
    List<LakeFile> list(String bucket, String folder) {
        Glob place = new Glob(bucket, folder);
        List<LakeFile> files = listings.get(place);
        if (files == null) {
            unlisted.add(place);
            throw new NotAtHand();
        }
        return files;
    }

    Optional<LakeFile> stat(Glob exact) {
        Optional<LakeFile> file = stats.get(exact);
        if (file == null) {
            unknown.add(exact);
            throw new NotAtHand();
        }
        return file;
    }

    /** The paths that DuckDB opens, empty ones while a file is not at hand: {@link #requireAtHand} tells. */
    List<String> paths(String bucket, List<LakeFile> files) {
        List<String> result = new ArrayList<>(files.size());
        for (LakeFile file : files) {
            String path = paths.get(id(bucket, file));
            if (path == null) {
                unfetched.computeIfAbsent(bucket, x -> new LinkedHashMap<>()).put(id(bucket, file), file);
            }
            result.add(path == null ? "" : path);
        }
        return result;
    }

    private static String id(String bucket, LakeFile file) {
        return bucket + "/" + file.key() + "@" + file.etag();
    }

    /** Brings to hand what was asked for; outside of any turn. */
    void fetch() {
        Lake store = lake;
        LakeReader files = reader;
        if (store == null || files == null) {
            throw new IllegalStateException("no lake is configured");
        }
        for (Glob place : unlisted) {
            listings.put(place, store.listAll(place.bucket(), place.path()));
        }
        unlisted.clear();
        for (Glob object : unknown) {
            stats.put(object, store.stat(object.bucket(), object.path()));
        }
        unknown.clear();
        unfetched.forEach((bucket, wanted) -> {
            LakeReader.Lease lease = files.lease(bucket, List.copyOf(wanted.values()));
            leases.add(lease);
            int index = 0;
            for (String id : wanted.keySet()) {
                paths.put(id, lease.paths().get(index++));
            }
        });
        unfetched.clear();
    }

    /** Fetches these files ahead of the work. */
    void fetch(String bucket, List<LakeFile> files) {
        paths(bucket, files);
        fetch();
    }

    /** The key of the file that lies at a path, for error messages of DuckDB. */
    Optional<String> keyAt(String path) {
        return paths.entrySet().stream()
                .filter(entry -> entry.getValue().equals(path))
                .map(entry -> entry.getKey()
                        .substring(
                                entry.getKey().indexOf('/') + 1, entry.getKey().lastIndexOf('@')))
                .findFirst();
    }

    /** Gives back the files at hand; what was listed stays. */
    void release() {
        leases.forEach(LakeReader.Lease::close);
        leases.clear();
        paths.clear();
        unfetched.clear();
    }

    @Override
    public void close() {
        release();
    }
}
