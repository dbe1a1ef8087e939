package dev.landfall.warehouse;

import dev.landfall.lake.LakeFile;
import dev.landfall.lake.Partition;
import dev.landfall.project.Model;
import dev.landfall.project.Relation;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Landfall's own tables, in the schema {@code _landfall} of the database whose tables they tell of: a transaction of
 * DuckDB writes one database only, and rows and ledger must be of one transaction.
 */
public final class Ledger {
    public static final String SCHEMA = "_landfall";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Session session;
    private final String schema;

    private Ledger(Session session, String schema) {
        this.session = session;
        this.schema = schema;
    }

    /** The ledger of a database; its tables are made where they do not exist. Not to be called in a transaction. */
    public static Ledger open(Session session, String database) {
        Ledger ledger = new Ledger(session, Relation.quote(database) + "." + Relation.quote(SCHEMA));
        session.onceForDatabase("ledger " + database, ledger::create);
        return ledger;
    }

    /** The ledger of a database, or nothing when no service has ever worked on it. */
    public static Optional<Ledger> find(Session session, String database) {
        boolean exists =
                session.relationType(new Relation(database, SCHEMA, "builds")).isPresent();
        return exists ? Optional.of(open(session, database)) : Optional.empty();
    }

    private void create() {
        session.execute("create schema if not exists " + schema + ";"
                + "create table if not exists " + table("landings")
                + " (model varchar, stream varchar, bucket varchar, file_key varchar, etag varchar, size bigint,"
                + " last_modified timestamptz, partition varchar, manifest varchar, status varchar, reason varchar,"
                + " run_id varchar, first_offset bigint, last_offset bigint, applied_at timestamptz);"
                + "create table if not exists " + table("lanes")
                + " (stream varchar, epoch bigint, taken_at timestamptz);"
                + "create table if not exists " + table("builds")
                + " (model varchar, relation varchar, layer varchar, version varchar, built_at timestamptz,"
                + " sql_checksum varchar, raw_checksum varchar, project_checksum varchar, parents varchar,"
                + " row_count bigint, ordering varchar, refreshed_checksum varchar, event varchar);"
                + "create table if not exists " + table("contents")
                + " (model varchar, digest varchar, parents varchar);"
                + "create table if not exists " + table("runs")
                + " (run_id varchar, model varchar, layer varchar, stream varchar, status varchar,"
                + " started_at timestamptz, finished_at timestamptz, rows_inserted bigint, rows_deleted bigint,"
                + " rows_total bigint, files bigint, bytes bigint, full_refresh boolean, error varchar,"
                + " project_checksum varchar);"
                + "create table if not exists " + table("hive_types")
                + " (stream varchar, hive_key varchar, hive_type varchar);"
                + "create table if not exists " + table("columns")
                + " (stream varchar, column_name varchar, column_type varchar, first_place varchar,"
                + " seen_at timestamptz)");
    }

    private String table(String name) {
        return schema + "." + name;
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(@Nullable Object value) {
        return value instanceof OffsetDateTime time ? time.toInstant() : Instant.EPOCH;
    }

    // --- landings

    /**
     * What a model has done with a version of a file.
     *
     * @param dead whether it left it out
     * @param dropped whether it was told never to take it
     */
    public record Entry(LandedFile landed, boolean dead, boolean dropped, String reason, String runId, Instant at) {
        public boolean isOf(LakeFile file) {
            return landed.file().etag().equals(file.etag());
        }
    }

    /** Everything that a model has applied or left out, by file key. */
    public Map<String, Entry> entries(String model) {
        return entries(" where model = ?", List.of(model));
    }

    /** What a model has done with these files, by file key. */
    public Map<String, Entry> entries(String model, Collection<String> keys) {
        // A list of many thousand literals costs more than reading all of the model's rows.
        if (keys.size() > 1000) {
            return entries(model);
        }
        String list = keys.stream().map(Relation::literal).collect(Collectors.joining(", "));
        return keys.isEmpty() ? Map.of() : entries(" where model = ? and file_key in (" + list + ")", List.of(model));
    }

    /** What all models of a stream have left out, by model. */
    public Map<String, List<Entry>> deadOf(String stream) {
        Map<String, List<Entry>> dead = new TreeMap<>();
        session.query(
                        "select model, " + ENTRY + " from " + table("landings")
                                + " where stream = ? and status = 'dead' order by model, partition, file_key",
                        List.of(stream))
                .rows()
                .forEach(row -> dead.computeIfAbsent(String.valueOf(row.get(0)), x -> new ArrayList<>())
                        .add(entry(row.subList(1, row.size()))));
        return dead;
    }

    private static final String ENTRY =
            "bucket, file_key, size, etag, last_modified, partition, manifest, status, reason, run_id, applied_at";

    private Map<String, Entry> entries(String where, List<String> values) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        session.query("select " + ENTRY + " from " + table("landings") + where, values)
                .rows()
                .forEach(row -> {
                    Entry entry = entry(row);
                    entries.put(entry.landed().key(), entry);
                });
        return entries;
    }

    private static Entry entry(List<@Nullable Object> row) {
        long size = row.get(2) instanceof Number number ? number.longValue() : 0;
        LakeFile file = new LakeFile(text(row.get(1)), size, text(row.get(3)), instant(row.get(4)));
        String path = text(row.get(5));
        return new Entry(
                new LandedFile(
                        text(row.get(0)),
                        file,
                        path.equals("_") ? Partition.NONE : Partition.of(path),
                        text(row.get(6))),
                !text(row.get(7)).equals("applied"),
                text(row.get(7)).equals("dropped"),
                text(row.get(8)),
                text(row.get(9)),
                instant(row.get(10)));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Remembers that a model has applied these files, or left them out for a reason. */
    public void record(
            String model,
            String stream,
            Collection<LandedFile> files,
            @Nullable String deadReason,
            String runId,
            long firstOffset,
            long lastOffset) {
        if (files.isEmpty()) {
            return;
        }
        forget(model, files.stream().map(LandedFile::key).toList());
        OffsetDateTime now = time(Instant.now());
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (LandedFile landed : files) {
            List<@Nullable Object> row = new ArrayList<>();
            row.add(model);
            row.add(stream);
            row.add(landed.bucket());
            row.add(landed.key());
            row.add(landed.file().etag());
            row.add(landed.file().size());
            row.add(time(landed.file().lastModified()));
            row.add(landed.partition().path());
            row.add(landed.manifest());
            row.add(deadReason == null ? "applied" : "dead");
            row.add(deadReason);
            row.add(runId);
            row.add(firstOffset);
            row.add(lastOffset);
            row.add(now);
            rows.add(row);
        }
        session.append(schema, "landings", rows);
    }

    /** Forgets what a model did with these files. */
    public void forget(String model, Collection<String> keys) {
        if (!keys.isEmpty()) {
            String list = keys.stream().map(Relation::literal).collect(Collectors.joining(", "));
            session.update(
                    "delete from " + table("landings") + " where model = ? and file_key in (" + list + ")", model);
        }
    }

    /** Forgets everything that a model has applied or left out. */
    public void forgetAll(String model) {
        session.update("delete from " + table("landings") + " where model = ?", model);
    }

    /** Forgets what a model has applied; what it left out stays so. */
    public void forgetApplied(String model) {
        session.update("delete from " + table("landings") + " where model = ? and status = 'applied'", model);
    }

    /** Versions of files that some model cannot read, as {@code s3://bucket/key@etag}. */
    public Set<String> deadFiles() {
        Set<String> files = new TreeSet<>();
        session.query("select distinct 's3://' || bucket || '/' || file_key || '@' || etag from " + table("landings")
                        + " where status <> 'applied'")
                .rows()
                .forEach(row -> files.add(text(row.get(0))));
        return files;
    }

    /** Forgets that a file was left out; gives how many models had. */
    public long forgetDead(String stream, String key) {
        return session.update(
                "delete from " + table("landings") + " where stream = ? and file_key = ? and status = 'dead'",
                stream,
                key);
    }

    /** Leaves a file out for good that was left out; gives how many models had. */
    public long dropDead(String stream, String key) {
        return session.update(
                "update " + table("landings") + " set status = 'dropped', applied_at = now()"
                        + " where stream = ? and file_key = ? and status = 'dead'",
                stream,
                key);
    }

    /** How many files a model has applied. */
    public long applied(String model) {
        return session.number(
                "select count(*) from " + table("landings") + " where model = ? and status = 'applied'", model);
    }

    /** The newest partition of which a model has applied files. */
    public Optional<Partition> newestPartition(String model) {
        String applied = " from " + table("landings") + " where model = ? and status = 'applied'";
        List<@Nullable Object> row = session.query(
                        "select max(partition), count(distinct translate(partition, '123456789', '000000000'))"
                                + applied,
                        List.of(model))
                .rows()
                .get(0);
        // Where all numbers have the same digits, the last text is the newest partition, and DuckDB finds it.
        Stream<String> last = number(row.get(1)) <= 1
                ? Stream.ofNullable(row.get(0)).map(Ledger::text)
                : session.query("select distinct partition" + applied, List.of(model)).rows().stream()
                        .map(each -> text(each.get(0)));
        return last.map(Partition::of).max(Comparator.naturalOrder());
    }

    /**
     * How far a model is.
     *
     * @param applied files that it has applied
     * @param dead files that it has left out
     * @param lastOffset the highest offset whose landing it has, -1 for none
     */
    public record Progress(long applied, long dead, long lastOffset) {}

    public Progress progress(String model) {
        List<@Nullable Object> row = session.query(
                        "select count(*) filter (status = 'applied'), count(*) filter (status = 'dead'),"
                                + " max(last_offset) from " + table("landings") + " where model = ?",
                        List.of(model))
                .rows()
                .get(0);
        return new Progress(number(row.get(0)), number(row.get(1)), number(row.get(2)));
    }

    // --- lanes

    /** The only epoch that may write the stream's models; 0 before the first. */
    public long epoch(String stream) {
        return session
                .query("select epoch from " + table("lanes") + " where stream = ?", List.of(stream))
                .rows()
                .stream()
                .map(row -> number(row.get(0)))
                .findFirst()
                .orElse(0L);
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : -1;
    }

    /** Makes this epoch the only one that may write the stream's models. */
    public void take(String stream, long epoch) {
        long taken = session.update(
                "update " + table("lanes") + " set epoch = ?, taken_at = now() where stream = ?", epoch, stream);
        if (taken == 0) {
            session.update(
                    "insert into " + table("lanes") + " (stream, epoch, taken_at) values (?, ?, now())", stream, epoch);
        }
    }

    /** Holds the lane within a transaction; false when the epoch is over. */
    public boolean keep(String stream, long epoch) {
        return session.update(
                        "update " + table("lanes") + " set taken_at = now() where stream = ? and epoch = ?",
                        stream,
                        epoch)
                == 1;
    }

    // --- builds

    /**
     * What a relation was last built from.
     *
     * @param version changes with every committed run
     * @param sqlChecksum of the compiled SQL
     * @param rawChecksum of what the user wrote
     * @param parents versions of the relations that it was built from, by unique id
     * @param ordering how the model tells older rows from newer ones: {@code sequence}, {@code several}, {@code none}
     * @param refreshedChecksum of the text, and the macros that it calls, at its last full refresh
     * @param event the event of that run as JSON
     */
    public record Build(
            String model,
            String relation,
            String layer,
            String version,
            Instant at,
            String sqlChecksum,
            String rawChecksum,
            String projectChecksum,
            Map<String, String> parents,
            long rows,
            String ordering,
            String refreshedChecksum,
            String event) {

        /**
         * Whether the model's text, or a macro that it calls, is another one since its last full refresh. Builds from
         * before macros counted have the text's checksum.
         *
         * @param code the checksum over both
         */
        public boolean changedSinceRefresh(Model node, String code) {
            return !refreshedChecksum.isEmpty()
                    && !refreshedChecksum.equals(code)
                    && !refreshedChecksum.equals(node.checksum());
        }
    }

    private static final String BUILD = "model, relation, layer, version, built_at, sql_checksum, raw_checksum,"
            + " project_checksum, parents, row_count, ordering, refreshed_checksum, event";

    /** All builds by model. */
    public Map<String, Build> builds() {
        return builds("");
    }

    /** The builds of these models, as far as they have one. */
    public Map<String, Build> builds(Collection<String> models) {
        return models.isEmpty() ? Map.of() : builds(whereModelIn(models));
    }

    private static String whereModelIn(Collection<String> models) {
        return models.stream().map(Relation::literal).collect(Collectors.joining(", ", " where model in (", ")"));
    }

    private Map<String, Build> builds(String where) {
        Map<String, Build> builds = new TreeMap<>();
        session.query("select " + BUILD + " from " + table("builds") + where)
                .rows()
                .forEach(row -> builds.put(text(row.get(0)), build(row)));
        return builds;
    }

    public Optional<Build> build(String model) {
        return Optional.ofNullable(builds(List.of(model)).get(model));
    }

    private static Map<String, String> map(String json) {
        Map<String, String> map = new LinkedHashMap<>();
        if (!json.isEmpty()) {
            JsonNode tree = JSON.readTree(json);
            tree.properties()
                    .forEach(entry -> map.put(entry.getKey(), entry.getValue().asString()));
        }
        return map;
    }

    private static Build build(List<@Nullable Object> row) {
        Map<String, String> parents = map(text(row.get(8)));
        return new Build(
                text(row.get(0)),
                text(row.get(1)),
                text(row.get(2)),
                text(row.get(3)),
                instant(row.get(4)),
                text(row.get(5)),
                text(row.get(6)),
                text(row.get(7)),
                parents,
                number(row.get(9)),
                text(row.get(10)),
                text(row.get(11)),
                text(row.get(12)));
    }

    public void put(Build build) {
        session.update("delete from " + table("builds") + " where model = ?", build.model());
        session.update(
                "insert into " + table("builds") + " (" + BUILD + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                build.model(),
                build.relation(),
                build.layer(),
                build.version(),
                time(build.at()),
                build.sqlChecksum(),
                build.rawChecksum(),
                build.projectChecksum(),
                JSON.writeValueAsString(build.parents()),
                build.rows(),
                build.ordering(),
                build.refreshedChecksum(),
                build.event());
    }

    // --- contents

    /**
     * What a relation holds, told from another content by a digest.
     *
     * @param digest the same for as long as its rows are
     * @param parents the digests of the relations that it was built from, by unique id
     */
    public record Content(String digest, Map<String, String> parents) {
        public static final Content UNKNOWN = new Content("", Map.of());
    }

    /** All contents by model. */
    public Map<String, Content> contents() {
        return contents("");
    }

    /** The contents of these models, as far as they are known. */
    public Map<String, Content> contents(Collection<String> models) {
        return models.isEmpty() ? Map.of() : contents(whereModelIn(models));
    }

    private Map<String, Content> contents(String where) {
        Map<String, Content> contents = new TreeMap<>();
        session.query("select model, digest, parents from " + table("contents") + where)
                .rows()
                .forEach(row -> contents.put(text(row.get(0)), new Content(text(row.get(1)), map(text(row.get(2))))));
        return contents;
    }

    public void put(String model, Content content) {
        session.update("delete from " + table("contents") + " where model = ?", model);
        session.update(
                "insert into " + table("contents") + " values (?, ?, ?)",
                model,
                content.digest(),
                JSON.writeValueAsString(content.parents()));
    }

    // --- runs

    /** One line of history. */
    public record Run(
            String runId,
            String model,
            String layer,
            String stream,
            String status,
            Instant startedAt,
            Instant finishedAt,
            long rowsInserted,
            long rowsDeleted,
            long rowsTotal,
            long files,
            long bytes,
            boolean fullRefresh,
            @Nullable String error,
            String projectChecksum) {}

    public void add(Run run) {
        session.update(
                "insert into " + table("runs") + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                run.runId(),
                run.model(),
                run.layer(),
                run.stream(),
                run.status(),
                time(run.startedAt()),
                time(run.finishedAt()),
                run.rowsInserted(),
                run.rowsDeleted(),
                run.rowsTotal(),
                run.files(),
                run.bytes(),
                run.fullRefresh(),
                run.error(),
                run.projectChecksum());
    }

    // --- columns of files

    /**
     * A column that files of a stream have.
     *
     * @param type DuckDB's name of it; a column that changed its type stands here once for each
     * @param firstPlace of the oldest file that has it so
     */
    public record Column(String name, String type, Place firstPlace) {
        public boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /** Where a file comes among its stream's: by partition, and within it by its time, in milliseconds. */
    public record Place(Partition partition, long modified) implements Comparable<Place> {
        private static final Comparator<Place> OLDEST_FIRST =
                Comparator.comparing(Place::partition).thenComparingLong(Place::modified);

        public static Place of(LandedFile landed) {
            return new Place(landed.partition(), landed.file().lastModified().toEpochMilli());
        }

        private static Place of(String text) {
            int space = text.lastIndexOf(' ');
            return new Place(Partition.of(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
        }

        @Override
        public int compareTo(Place other) {
            return OLDEST_FIRST.compare(this, other);
        }

        @Override
        public String toString() {
            return partition.path() + String.format(" %015d", modified);
        }
    }

    /** By name, and those of one name as the files come. */
    public List<Column> columns(String stream) {
        return session
                .query(
                        "select column_name, column_type, first_place from " + table("columns") + " where stream = ?",
                        List.of(stream))
                .rows()
                .stream()
                .map(row -> new Column(text(row.get(0)), text(row.get(1)), Place.of(text(row.get(2)))))
                .sorted(Comparator.comparing(Column::name).thenComparing(Column::firstPlace))
                .toList();
    }

    /** Remembers columns, or that they are older than was known; in a transaction of its own. */
    public void seen(String stream, List<Column> columns) {
        if (columns.isEmpty()) {
            return;
        }
        String same = columns.stream()
                .map(column -> "(" + Relation.literal(column.name()) + ", " + Relation.literal(column.type()) + ")")
                .collect(Collectors.joining(", "));
        OffsetDateTime now = time(Instant.now());
        session.begin();
        session.update(
                "delete from " + table("columns") + " where stream = ? and (column_name, column_type) in (" + same
                        + ")",
                stream);
        session.append(
                schema,
                "columns",
                columns.stream()
                        .map(column -> List.of(
                                stream,
                                column.name(),
                                column.type(),
                                column.firstPlace().toString(),
                                now))
                        .toList());
        session.commit();
    }

    // --- types of Hive keys

    /** The types of a stream's Hive keys as they were frozen at first sight; empty before that. */
    public Map<String, String> hiveTypes(String stream) {
        Map<String, String> types = new LinkedHashMap<>();
        session.query(
                        "select hive_key, hive_type from " + table("hive_types") + " where stream = ? order by rowid",
                        List.of(stream))
                .rows()
                .forEach(row -> types.put(text(row.get(0)), text(row.get(1))));
        return types;
    }

    public void freezeHiveTypes(String stream, Map<String, String> types) {
        session.append(
                schema,
                "hive_types",
                types.entrySet().stream()
                        .map(type -> List.of(stream, type.getKey(), type.getValue()))
                        .toList());
    }
}
