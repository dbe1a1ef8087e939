package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.LakeFile;
import dev.landfall.lake.LakeReader;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.lake.S3Lake;
import dev.landfall.lake.StoreAccess;
import dev.landfall.project.Project;
import dev.landfall.project.StreamName;
import dev.landfall.project.Target;
import dev.landfall.service.DirectReading;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.testing.S3Server;
import dev.landfall.warehouse.Extensions;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseException;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB reads S3 itself, under the lock, by the extension that tests are given; against the mirror where they can. */
class HttpfsIT {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String PREFIX = "raw/shop/things/year=2026/month=01/";
    private static final ParquetFiles PARQUET = new ParquetFiles();
    private static S3Server server;

    @TempDir
    Path folder;

    private LakeSettings settings;
    private S3Lake lake;
    private final Target target = Targets.file("w.duckdb");
    private final TestProject templates = new TestProject(target)
            .stream("shop", "things")
                    .model(
                            "things",
                            Map.of(
                                    "materialized",
                                    "incremental",
                                    "tags",
                                    List.of("shop__things"),
                                    "unique_key",
                                    "id",
                                    "sequence_by",
                                    "seen"),
                            (request, vars) -> {
                                vars.get("files");
                                return "select * from read_parquet('s3://landing/raw/shop/things/**',"
                                        + " hive_partitioning=true, union_by_name=true)";
                            });
    private final Project project = templates.project();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void startStore() {
        server = S3Server.start();
        server.signIn();
        server.createBucket("landing");
        server.createBucket("elsewhere");
        server.put("elsewhere", "secret.csv", "id\nPLANTED\n");
    }

    @AfterAll
    static void stopStore() {
        server.close();
    }

    @BeforeEach
    void connect() {
        settings = LakeSettings.of(Map.of(
                "LANDFALL_LAKE_ENDPOINT", server.endpoint().toString(),
                "LANDFALL_LAKE_READ", "httpfs",
                "LANDFALL_LAKE_MIRROR_DIR", folder.resolve("mirror").toString()));
        lake = new S3Lake(settings);
        lake.listAll("landing", "").forEach(file -> server.delete("landing", file.key()));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        lake.close();
    }

    @Test
    void readsTheSameTableAsTheMirror() throws IOException {
        requireHttpfs();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'a' as name");
        land("day=02/a?s3_region=x [1]*%20+.parquet", "select 2 as id, 10 as seen, 'b' as name");
        land("day=02/2_0.parquet-1", "select 1 as id, 20 as seen, 'c' as name, 7 as added");
        land("day=02/grown.parquet", "select 3 as id, 10 as seen, 'd' as name, {'x': 1, 'y': 2} as nested");

        Warehouse direct = warehouse("direct", reader());
        assertThat(failures(apply(direct, reader(), landings()))).isEmpty();

        LakeReader mirror = Lakes.reader(
                lake,
                LakeSettings.of(Map.of(
                        "LANDFALL_LAKE_MIRROR_DIR", folder.resolve("copies").toString())));
        open.add(mirror);
        Warehouse copied = warehouse("copied", mirror);
        assertThat(failures(apply(copied, mirror, landings()))).isEmpty();
        assertThat(rows(direct)).isEqualTo(rows(copied)).hasSize(3);
        assertThat(folder.resolve("mirror/files").toFile().list()).isNullOrEmpty();
    }

    @Test
    void readsOtherBucketsThroughTheMirror() {
        LakeReader reader = reader();

        List<String> paths = reader.paths("elsewhere", lake.listAll("elsewhere", ""));

        assertThat(paths)
                .singleElement()
                .asString()
                .startsWith(folder.resolve("mirror").toString());
    }

    @Test
    void refusesAFileThatWasReplacedBeforeItIsRead() throws IOException {
        requireHttpfs();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'old' as name");
        land("day=01/1_1.parquet", "select 2 as id, 10 as seen, 'same' as name");
        List<PartitionLanded> stale = landings();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'new' as name");
        LakeReader reader = reader();
        Warehouse warehouse = warehouse("direct", reader);

        apply(warehouse, reader, stale);

        assertThat(rows(warehouse)).singleElement().asString().contains("same");

        apply(warehouse, reader, landings());

        assertThat(rows(warehouse)).hasSize(2).noneMatch(row -> row.contains("old"));
    }

    @Test
    void refusesAFileThatIsReplacedWhileItIsRead() throws IOException {
        requireHttpfs();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'old' as name");
        List<PartitionLanded> stale = landings();
        LakeReader reader =
                new Meddling(reader(), () -> land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'new' as name"));
        Warehouse warehouse = warehouse("direct", reader());

        apply(warehouse, reader, stale);

        assertThat(warehouse.<Long>with(
                        "test",
                        session -> session.number(
                                "select count(*) from information_schema.tables" + " where table_name = 'things'")))
                .isZero();
        assertThat(failures(apply(warehouse, reader, landings()))).isEmpty();
        assertThat(rows(warehouse)).singleElement().asString().contains("new");
    }

    @Test
    void blamesNoFileThatWasReplacedByARuin() throws IOException {
        requireHttpfs();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'good' as name");
        List<PartitionLanded> stale = landings();
        server.put("landing", PREFIX + "day=01/1_0.parquet", "no Parquet at all");
        LakeReader reader = reader();
        Warehouse warehouse = warehouse("direct", reader);

        List<RunResult> results = apply(warehouse, reader, stale);

        assertThat(results)
                .isNotEmpty()
                .allSatisfy(result -> assertThat(result.deadLettered()).isEmpty());
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'better' as name");
        assertThat(failures(apply(warehouse, reader, landings()))).isEmpty();
        assertThat(rows(warehouse)).singleElement().asString().contains("better");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from read_csv('s3://elsewhere/secret.csv')",
                "select * from read_csv('s3a://landing/x.csv')",
                "select * from read_csv('{endpoint}/landing/x.csv')",
                "select * from glob('s3://*')",
                "copy (select 1) to 's3://elsewhere/out.csv'",
                "create secret mine (type s3, endpoint '127.0.0.1:9')",
                "create or replace /* my */ temporary secret landfall_lake (type s3, endpoint '127.0.0.1:9')",
                "set s3_url_compatibility_mode = false",
                "set s3_endpoint = '127.0.0.1:9'"
            })
    void letsSqlReachTheLakeAndNothingElse(String sql) throws IOException {
        requireHttpfs();
        Warehouse warehouse = warehouse("direct", reader());

        assertThatThrownBy(() -> warehouse.with("test", session -> {
                    session.execute(sql.replace("{endpoint}", server.endpoint().toString()));
                    return 0;
                }))
                .isInstanceOf(WarehouseException.class)
                .hasMessageMatching("(?s).*(disabled by configuration|has been locked).*");
    }

    @Test
    void takesNoOrderFromAKey() throws IOException {
        requireHttpfs();
        server.put("landing", "x.csv", "id\n7\n");
        LakeReader reader = reader();
        Warehouse warehouse = warehouse("direct", reader);

        assertThatThrownBy(() -> warehouse.with("test", session -> {
                    session.readLake(reader.access().orElseThrow());
                    return session.query("select * from read_csv('s3://landing/x.csv?s3_endpoint=127.0.0.1:9')");
                }))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("404");
    }

    @Test
    void saysNoSecretAndTriesAgainWithFreshOnes() throws IOException {
        requireHttpfs();
        land("day=01/1_0.parquet", "select 1 as id, 10 as seen, 'a' as name");
        LakeReader reader = reader();
        Warehouse warehouse = warehouse("direct", reader);

        List<RunResult> results = apply(warehouse, new Wrong(reader), landings());

        assertThat(failures(results)).singleElement().satisfies(failed -> {
            assertThat(failed.event().retryable()).isTrue();
            assertThat(failed.toString()).contains("403").doesNotContain(Wrong.SECRET);
        });
        assertThat(failures(apply(warehouse, reader, landings()))).isEmpty();
        assertThat(rows(warehouse)).hasSize(1);
    }

    @Test
    void namesWhatToDoWhereTheExtensionIsMissing() {
        assumeFalse(Extensions.present("httpfs"), "DuckDB's extension httpfs is here");

        assertThatThrownBy(() -> warehouse("direct", reader()))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(
                        "put DuckDB's extension httpfs into the directory that LANDFALL_DUCKDB_EXTENSIONS");
    }

    /** Replaces a file after it was read, and before the reader is asked about it; once. */
    private static final class Meddling implements LakeReader {
        private final LakeReader reader;
        private Runnable meddle;

        Meddling(LakeReader reader, Runnable meddle) {
            this.reader = reader;
            this.meddle = meddle;
        }

        @Override
        public Lease lease(String bucket, List<LakeFile> files) {
            Lease lease = reader.lease(bucket, files);
            return new Lease() {
                @Override
                public List<String> paths() {
                    return lease.paths();
                }

                @Override
                public void requireUnchanged() {
                    meddle.run();
                    meddle = () -> {};
                    lease.requireUnchanged();
                }

                @Override
                public void close() {
                    lease.close();
                }
            };
        }

        @Override
        public Optional<StoreAccess> access() {
            return reader.access();
        }

        @Override
        public void close() {}
    }

    /** Signs with a secret that the store does not know. */
    private record Wrong(LakeReader reader) implements LakeReader {
        static final String SECRET = "PLANTED-SECRET";

        @Override
        public Lease lease(String bucket, List<LakeFile> files) {
            return reader.lease(bucket, files);
        }

        @Override
        public Optional<StoreAccess> access() {
            UnaryOperator<StoreAccess> wrong = right -> new StoreAccess(
                    right.buckets(),
                    right.endpoint(),
                    right.region(),
                    right.pathStyle(),
                    right.accessKey(),
                    SECRET,
                    null);
            return reader.access().map(wrong);
        }

        @Override
        public void close() {}
    }

    private static void requireHttpfs() {
        assumeTrue(
                Extensions.present("httpfs"),
                "DuckDB's extension httpfs is not here; LANDFALL_DUCKDB_EXTENSIONS=DIRECTORY names where it is");
    }

    private LakeReader reader() {
        LakeReader reader = Lakes.reader(lake, settings);
        open.add(reader);
        DirectReading.open(reader, project, "landing", WarehouseSettings.exclusive("test"));
        return reader;
    }

    /** Locked, as services open it. */
    private Warehouse warehouse(String name, LakeReader reader) throws IOException {
        Warehouse warehouse = Warehouse.open(
                target,
                Files.createDirectories(folder.resolve(name)),
                DirectReading.open(
                        reader,
                        project,
                        "landing",
                        WarehouseSettings.exclusive("test").withLockDown(List.of(folder.toString()))));
        open.add(0, warehouse);
        return warehouse;
    }

    private List<RunResult> apply(Warehouse warehouse, LakeReader reader, List<PartitionLanded> landings) {
        StreamRunner runner = new StreamRunner(
                () -> project, warehouse, lake, reader, RunSettings.DEFAULT.withBucket("landing"), any -> templates);
        return runner.apply(THINGS, landings, new LanePosition(runner.takeLane(THINGS), 0, 0), false);
    }

    private static List<RunResult.Failed> failures(List<RunResult> results) {
        return results.stream()
                .filter(RunResult.Failed.class::isInstance)
                .map(RunResult.Failed.class::cast)
                .toList();
    }

    private static List<String> rows(Warehouse warehouse) {
        return warehouse.with(
                "test",
                session -> session.query("select * from main.things order by id").rows().stream()
                        .map(String::valueOf)
                        .toList());
    }

    private void land(String name, String query) {
        PARQUET.land(server, "landing", PREFIX + name, query);
    }

    private List<PartitionLanded> landings() {
        return TestProject.landings(lake, "landing", "shop", "things");
    }
}
