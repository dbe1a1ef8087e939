package dev.landfall.run;

import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Layout;
import dev.landfall.lake.Partition;
import dev.landfall.project.Project;
import dev.landfall.project.Relation;
import dev.landfall.project.StreamConfig;
import dev.landfall.project.StreamName;
import dev.landfall.warehouse.LandedFile;
import dev.landfall.warehouse.ParsedQuery;
import dev.landfall.warehouse.Scan;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides which files each scan of a model's query reads, and with which options. */
final class ScanPlan {
    private final Project project;
    private final RunSettings settings;
    private final LakeView lake;
    private @Nullable StreamConfig own;
    private List<LandedFile> ownFiles = List.of();
    private boolean narrowed;
    private boolean frozenTypes;
    private Set<String> excluded = Set.of();
    private Map<String, String> missing = Map.of();
    private Function<StreamName, Map<String, String>> hiveTypes = stream -> Map.of();
    private final Map<String, LakeFile> known = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private long filesRead;

    ScanPlan(Project project, RunSettings settings, LakeView lake) {
        this.project = project;
        this.settings = settings;
        this.lake = lake;
    }

    /**
     * The stream whose landings the run is for.
     *
     * @param narrow true when the files are not all of the stream: then only a single scan of it may be narrowed
     */
    ScanPlan of(StreamConfig stream, List<LandedFile> files, boolean narrow) {
        own = stream;
        ownFiles = files;
        narrowed = narrow;
        files.forEach(landed -> known.put(landed.uri(), landed.file()));
        return this;
    }

    /** As the services read: columns by name, and the types of Hive keys as they were frozen. */
    ScanPlan withOptions(Function<StreamName, Map<String, String>> types) {
        frozenTypes = true;
        hiveTypes = types;
        return this;
    }

    /** URIs with etags ({@code s3://bucket/key@etag}) that are left out everywhere. */
    ScanPlan without(Set<String> dead) {
        excluded = dead;
        return this;
    }

    /** Columns, with their types, that the files of the run's own stream do not have and that are read as NULL. */
    ScanPlan withMissing(Map<String, String> columns) {
        missing = columns;
        return this;
    }

    List<String> warnings() {
        return warnings;
    }

    /** How many files the rewritten scans read. */
    long filesRead() {
        return filesRead;
    }

    /** Whether the query scans the run's own stream. */
    boolean readsOwnStream(ParsedQuery query) {
        return query.scans().stream().anyMatch(scan -> isOwn(scan) || namesOwnFiles(scan));
    }

    private boolean namesOwnFiles(Scan scan) {
        return scan.uris().stream().anyMatch(known::containsKey);
    }

    /** The query with every scan of object storage pointed at exact files that are at hand. */
    String rewrite(ParsedQuery query) {
        filesRead = 0;
        if (query.scans().isEmpty()) {
            return query.sql();
        }
        if (!lake.configured()) {
            if (project.target().extensions().stream()
                    .anyMatch(each -> each.name().equals("httpfs"))) {
                return query.sql();
            }
            throw new WarehouseException(
                    query.scans().get(0).uris().get(0) + " lies in object storage, and no lake is configured; set"
                            + " landfall.lake.uri (LANDFALL_LAKE_URI)",
                    Kind.PERMANENT,
                    query.sql(),
                    null);
        }
        long ownScans = query.scans().stream().filter(this::isOwn).count();
        boolean all = narrowed && ownScans > 1;
        if (all) {
            warnings.add("it scans its own stream " + ownScans + " times, so every run reads all of the stream; read"
                    + " var('files') where the landing's files are meant");
        }
        String sql = query.rewrite(scan -> replace(scan, all));
        lake.requireAtHand();
        return sql;
    }

    private boolean isOwn(Scan scan) {
        StreamConfig stream = own;
        return stream != null
                && scan.uris().stream().map(Glob::of).allMatch(glob -> !glob.exact() && liesIn(glob, stream));
    }

    private boolean liesIn(Glob glob, StreamConfig stream) {
        return glob.bucket().equals(bucket(stream)) && glob.folder().startsWith(stream.prefix());
    }

    private String bucket(StreamConfig stream) {
        return stream.bucket() == null ? settings.bucket() : stream.bucket();
    }

    private Scan.Replacement replace(Scan scan, boolean ownInFull) {
        Map<String, List<LakeFile>> byBucket = new LinkedHashMap<>();
        boolean isOwn = isOwn(scan);
        for (String uri : scan.uris()) {
            if (!ParsedQuery.isStorage(uri)) {
                throw new WarehouseException(
                        "a scan mixes files of object storage with others: " + uri, Kind.PERMANENT, null, null);
            }
            Glob glob = Glob.of(uri);
            byBucket.computeIfAbsent(glob.bucket(), x -> new ArrayList<>())
                    .addAll(isOwn && !ownInFull ? ownMatching(glob) : files(glob, uri));
        }
        List<String> paths = new ArrayList<>();
        byBucket.forEach((bucket, files) -> paths.addAll(lake.paths(bucket, files)));
        filesRead += paths.size();
        if (paths.isEmpty()) {
            return empty(scan);
        }
        Map<String, String> options = options(scan, byBucket);
        return isOwn || namesOwnFiles(scan)
                ? withMissing(scan, paths, options)
                : Scan.Replacement.files(paths, options);
    }

    private List<LakeFile> ownMatching(Glob glob) {
        Pattern pattern = glob.pattern();
        return ownFiles.stream()
                .filter(landed -> landed.bucket().equals(glob.bucket())
                        && pattern.matcher(landed.key()).matches())
                .map(LandedFile::file)
                .toList();
    }

    private List<LakeFile> files(Glob glob, String uri) {
        if (glob.exact()) {
            LakeFile file = known.get(uri);
            if (file == null) {
                file = lake.stat(glob).orElseThrow(() -> new Waiting("there is no " + uri + " in the lake"));
            }
            return List.of(file);
        }
        Pattern pattern = glob.pattern();
        Layout layout = new Layout(glob.folder().isEmpty() ? "/" : glob.folder());
        return lake.list(glob.bucket(), glob.folder()).stream()
                .filter(file -> pattern.matcher(file.key()).matches())
                .filter(file -> glob.folder().isEmpty() || layout.kind(file) == Layout.Kind.LANDING)
                .filter(file -> !excluded.contains("s3://" + glob.bucket() + "/" + file.key() + "@" + file.etag()))
                .toList();
    }

    private Map<String, String> options(Scan scan, Map<String, List<LakeFile>> byBucket) {
        if (!frozenTypes || !scan.readsTables()) {
            return Map.of();
        }
        Map<String, String> options = new LinkedHashMap<>();
        options.put("union_by_name", "true");
        boolean partitioned = !scan.option("hive_partitioning")
                .map(each -> each.equalsIgnoreCase("false"))
                .orElse(false);
        boolean chosen = scan.option("hive_types").isPresent()
                || scan.option("hive_types_autocast").isPresent();
        Optional<StreamConfig> stream = streamOf(scan);
        if (partitioned && !chosen && stream.isPresent()) {
            Map<String, String> types = hiveTypes.apply(stream.get().name());
            if (types.isEmpty()) {
                types = HiveTypes.infer(partitions(stream.get(), byBucket));
            }
            if (!types.isEmpty()) {
                options.put("hive_types", HiveTypes.sql(types));
            }
        }
        return options;
    }

    private static List<Partition> partitions(StreamConfig stream, Map<String, List<LakeFile>> byBucket) {
        Layout layout = new Layout(stream.prefix());
        return byBucket.values().stream()
                .flatMap(List::stream)
                .filter(file -> file.key().startsWith(stream.prefix()))
                .map(file -> layout.partition(file.key()))
                .distinct()
                .toList();
    }

    private Optional<StreamConfig> streamOf(Scan scan) {
        return project.streams().stream()
                .filter(stream -> scan.uris().stream().map(Glob::of).allMatch(glob -> liesIn(glob, stream)))
                .findFirst();
    }

    /** The files, and as NULL what they do not have yet. */
    private Scan.Replacement withMissing(Scan scan, List<String> paths, Map<String, String> options) {
        if (missing.isEmpty()) {
            return Scan.Replacement.files(paths, options);
        }
        Map<String, String> all = new LinkedHashMap<>(scan.options());
        options.forEach(all::putIfAbsent);
        return Scan.Replacement.relation("(select * from " + scan.function() + "("
                + paths.stream().map(Relation::literal).collect(Collectors.joining(", ", "[", "]"))
                + all.entrySet().stream()
                        .map(option -> ", " + option.getKey() + " = " + option.getValue())
                        .collect(Collectors.joining())
                + ") union all by name (select " + columns(missing) + " where false))");
    }

    /** No file at all: DuckDB cannot read that, but a stream that declares its fields can stand for no rows. */
    private Scan.Replacement empty(Scan scan) {
        StreamConfig stream = streamOf(scan).orElse(null);
        if (stream != null && !stream.fields().isEmpty() && (own == null || !isOwn(scan) || ownFiles.isEmpty())) {
            return Scan.Replacement.relation("(select " + emptyColumns(stream) + " where false)");
        }
        throw new Waiting("no file has landed yet at " + String.join(", ", scan.uris()));
    }

    private static String emptyColumns(StreamConfig stream) {
        Map<String, String> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        columns.put("_airbyte_raw_id", "VARCHAR");
        columns.put("_airbyte_extracted_at", "TIMESTAMPTZ");
        columns.put("_airbyte_meta", "JSON");
        columns.put("_airbyte_generation_id", "BIGINT");
        List.of("year", "month", "day").forEach(key -> columns.put(key, "VARCHAR"));
        stream.fields().forEach((name, type) -> columns.put(name, FieldType.of(type)));
        return columns(columns);
    }

    private static String columns(Map<String, String> columns) {
        return columns.entrySet().stream()
                .map(column -> "null::" + column.getValue() + " as " + Relation.quote(column.getKey()))
                .collect(Collectors.joining(", "));
    }
}
