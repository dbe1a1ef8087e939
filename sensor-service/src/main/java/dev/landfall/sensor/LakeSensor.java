package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.KeyOrder;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.lake.Partition;
import dev.landfall.project.StreamName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares listings of the lake with what a stream's topic says, and tells what is to be announced. It asks nobody and
 * waits for nothing: listings and times are handed to it, and what it says counts once it is told that it was said.
 */
final class LakeSensor {
    static final int FILES_PER_CHUNK = 1_000;

    /** So few changes are looked at one by one; more of one folder in one stretch. */
    private static final int LOOKED_AT_ALONE = 4;

    private final Subject subject;
    private final Layout layout;
    private final LandedTable table = new LandedTable();
    private final NavigableMap<String, Change> changes = new TreeMap<>(KeyOrder.UTF_8);
    private final Map<String, Partition> partitions = new LinkedHashMap<>();

    /**
     * What a sensor watches, and how patiently.
     *
     * @param quietPeriod how long a change must have rested
     * @param maxWait after so long it is announced though something of its partition never rests
     */
    record Subject(
            StreamName stream,
            String bucket,
            String prefix,
            Duration quietPeriod,
            Duration maxWait,
            String projectChecksum) {}

    /**
     * A difference to the topic that has not been announced.
     *
     * @param file the version in the lake, null when it is gone
     * @param first when anything about this key began to differ
     * @param since when this version was first seen
     * @param seen when it was last seen
     */
    private record Change(@Nullable LakeFile file, Instant first, Instant since, Instant seen) {}

    LakeSensor(Subject subject) {
        this.subject = subject;
        this.layout = new Layout(subject.prefix());
    }

    Layout layout() {
        return layout;
    }

    LandedTable table() {
        return table;
    }

    /** Takes in what the topic holds: a record read from it at the start, or one that was just written. */
    void announced(PartitionLanded landed) {
        table.apply(isElsewhere(landed) ? outdated(landed) : landed);
        landed.gone().forEach(this::settleIfSame);
        landed.files().forEach(file -> settleIfSame(file.key()));
    }

    /**
     * Takes in a listing.
     *
     * @param span what was listed: whatever of the stream lies there and is not among the files is gone
     */
    void observe(Span span, Collection<LakeFile> listed, Instant now) {
        Set<String> present = new HashSet<>();
        for (LakeFile file : listed) {
            if (layout.kind(file) == Layout.Kind.LANDING) {
                present.add(file.key());
                observe(file, now);
            }
        }
        List<String> absent = new ArrayList<>();
        for (String key : span.of(table.keys())) {
            if (!present.contains(key)) {
                absent.add(key);
            }
        }
        absent.forEach(key -> differs(key, null, now));
        // What was new, and went before it was announced.
        span.of(changes.navigableKeySet()).removeIf(key -> !present.contains(key) && table.file(key) == null);
    }

    /**
     * What is to be announced now: every partition whose changes have all rested, and those that waited too long.
     *
     * @param unfinished a partition that the listing has not passed yet; only its full chunks are announced
     */
    List<PartitionLanded> due(Instant now, @Nullable Partition unfinished) {
        Map<Partition, List<Map.Entry<String, Change>>> byPartition = new LinkedHashMap<>();
        for (Map.Entry<String, Change> change : changes.entrySet()) {
            byPartition
                    .computeIfAbsent(partition(change.getKey()), first -> new ArrayList<>())
                    .add(change);
        }
        List<PartitionLanded> due = new ArrayList<>();
        byPartition.forEach((partition, all) -> {
            List<Map.Entry<String, Change>> ripe = ripe(all, now);
            if (!ripe.isEmpty()) {
                landings(partition, ripe, now).stream()
                        .filter(landed ->
                                !partition.equals(unfinished) || landed.files().size() == FILES_PER_CHUNK)
                        .forEach(due::add);
            }
        });
        return due;
    }

    /** Whether the topic says what the listings said. */
    boolean isSettled() {
        return changes.isEmpty();
    }

    /** When, after this time, another look may let a change come to rest; empty when there is none. */
    Optional<Instant> nextLook(Instant now) {
        return changes.values().stream()
                .map(change -> change.since.plus(subject.quietPeriod))
                .filter(time -> time.isAfter(now))
                .min(Comparator.naturalOrder());
    }

    /** Whether changes have not come to rest in one of these stretches. */
    boolean hasChangesIn(Collection<Span> spans) {
        return spans.stream()
                .anyMatch(span -> !span.of(changes.navigableKeySet()).isEmpty());
    }

    /** What must be listed to see the changes again that were not seen at this time, and would have rested by then. */
    List<Span> looks(Instant now) {
        Map<String, List<String>> byFolder = new LinkedHashMap<>();
        changes.forEach((key, change) -> {
            if (change.seen.isBefore(now)
                    && !change.since.plus(subject.quietPeriod).isAfter(now)) {
                byFolder.computeIfAbsent(key.substring(0, key.lastIndexOf('/') + 1), first -> new ArrayList<>())
                        .add(key);
            }
        });
        List<Span> looks = new ArrayList<>();
        byFolder.forEach((folder, keys) -> {
            if (keys.size() <= LOOKED_AT_ALONE) {
                keys.forEach(key -> looks.add(new Span(key, null, key)));
            } else {
                // A little shorter than the first key, and so before it.
                String before = keys.get(0).substring(0, keys.get(0).length() - 1);
                looks.add(new Span(folder, before, keys.get(keys.size() - 1)));
            }
        });
        return looks;
    }

    Partition partition(String key) {
        if (!key.startsWith(subject.prefix)) {
            LandedTable.Chunk chunk = table.chunkOf(key);
            return chunk == null ? Partition.NONE : chunk.partition();
        }
        return partitions.computeIfAbsent(layout.folder(key), folder -> layout.partition(key));
    }

    private void observe(LakeFile file, Instant now) {
        LakeFile known = table.file(file.key());
        if (known != null && isSame(known, file)) {
            changes.remove(file.key());
        } else {
            differs(file.key(), file, now);
        }
    }

    private void differs(String key, @Nullable LakeFile file, Instant now) {
        changes.compute(key, (same, before) -> {
            if (before == null) {
                return new Change(file, now, now, now);
            }
            return new Change(file, before.first, isSame(before.file, file) ? before.since : now, now);
        });
    }

    /** Those that may be announced; none when they had better wait for the others of their partition. */
    private List<Map.Entry<String, Change>> ripe(List<Map.Entry<String, Change>> all, Instant now) {
        List<Map.Entry<String, Change>> ripe = new ArrayList<>();
        boolean waitedTooLong = false;
        for (Map.Entry<String, Change> entry : all) {
            Change change = entry.getValue();
            boolean late = !change.first.plus(subject.maxWait).isAfter(now);
            waitedTooLong |= late;
            if (late || hasRested(change, now)) {
                ripe.add(entry);
            }
        }
        return ripe.size() == all.size() || waitedTooLong ? ripe : List.of();
    }

    /**
     * Seen twice, a quiet period apart. Once is enough for a file that the store calls old; should its clock be wrong,
     * then a partition is announced a little early, and again when more of it comes.
     */
    private boolean hasRested(Change change, Instant now) {
        Duration quiet = subject.quietPeriod;
        return !change.since.plus(quiet).isAfter(change.seen)
                || (change.file != null
                        && !change.file.lastModified().plus(quiet).isAfter(now));
    }

    /** The records that bring a partition's chunks up to date; a file keeps its chunk for as long as it is there. */
    private List<PartitionLanded> landings(Partition partition, List<Map.Entry<String, Change>> ripe, Instant now) {
        List<LandedTable.Chunk> chunks = table.chunks(partition);
        SortedMap<Integer, Draft> drafts = new TreeMap<>();
        List<LakeFile> added = new ArrayList<>();
        for (Map.Entry<String, Change> entry : ripe) {
            LandedTable.Chunk chunk = table.chunkOf(entry.getKey());
            LakeFile file = entry.getValue().file;
            if (chunk != null) {
                drafts.computeIfAbsent(chunk.number(), number -> new Draft(chunk.files()))
                        .change(entry.getKey(), file);
            } else if (file != null) {
                added.add(file);
            }
        }
        int number = 1;
        for (LakeFile file : added) {
            while (filesOf(chunks, drafts, number) >= FILES_PER_CHUNK) {
                number++;
            }
            SortedMap<String, LakeFile> known =
                    number <= chunks.size() ? chunks.get(number - 1).files() : new TreeMap<>();
            drafts.computeIfAbsent(number, first -> new Draft(known)).change(file.key(), file);
        }
        List<PartitionLanded> landings = new ArrayList<>();
        drafts.forEach((chunk, draft) -> landings.add(draft.landing(partition, chunk, now)));
        return landings;
    }

    private static int filesOf(List<LandedTable.Chunk> chunks, Map<Integer, Draft> drafts, int number) {
        Draft draft = drafts.get(number);
        if (draft != null) {
            return draft.files.size();
        }
        return number <= chunks.size() ? chunks.get(number - 1).files().size() : 0;
    }

    private void settleIfSame(String key) {
        changes.computeIfPresent(key, (same, change) -> isSame(change.file, table.file(key)) ? null : change);
    }

    private static boolean isSame(@Nullable LakeFile one, @Nullable LakeFile other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.etag().equals(other.etag()) && one.size() == other.size();
    }

    private boolean isElsewhere(PartitionLanded landed) {
        return !landed.bucket().equals(subject.bucket);
    }

    /** Its files were of another bucket: none of them is like what is listed in this one. */
    private static PartitionLanded outdated(PartitionLanded landed) {
        return new PartitionLanded(
                landed.source(),
                landed.stream(),
                landed.bucket(),
                landed.prefix(),
                landed.partition(),
                landed.chunk(),
                landed.files().stream()
                        .map(file -> new LakeFile(file.key(), file.size(), "", file.lastModified()))
                        .toList(),
                landed.gone(),
                landed.detectedAt(),
                landed.manifest(),
                landed.projectChecksum());
    }

    /** A chunk's files as they will be. */
    private final class Draft {
        final SortedMap<String, LakeFile> files;
        private final List<String> gone = new ArrayList<>();

        Draft(SortedMap<String, LakeFile> before) {
            this.files = new TreeMap<>(KeyOrder.UTF_8);
            this.files.putAll(before);
        }

        void change(String key, @Nullable LakeFile file) {
            if (file == null) {
                files.remove(key);
                gone.add(key);
            } else {
                files.put(key, file);
            }
        }

        PartitionLanded landing(Partition partition, int chunk, Instant now) {
            List<LakeFile> all = List.copyOf(files.values());
            return new PartitionLanded(
                    subject.stream.source(),
                    subject.stream.stream(),
                    subject.bucket,
                    subject.prefix,
                    partition.values(),
                    chunk,
                    all,
                    List.copyOf(gone),
                    now,
                    PartitionLanded.manifest(all),
                    subject.projectChecksum);
        }
    }
}
