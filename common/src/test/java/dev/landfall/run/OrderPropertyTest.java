package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.PartitionLanded;
import dev.landfall.lake.DirectReader;
import dev.landfall.lake.LocalLake;
import dev.landfall.project.StreamName;
import dev.landfall.testing.ParquetFiles;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Any order, doubling, batching and replay of the same landings gives the same table: late files, old partitions,
 * restarts, rewound lanes and full refreshes in between.
 */
class OrderPropertyTest {
    private static final StreamName THINGS = new StreamName("shop", "things");
    private static final String READ = "read_parquet('s3://landing/raw/shop/things/**/*', hive_partitioning=true)";
    private static final String COLUMNS =
            "select id as thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id, year, month, day from " + READ;
    private static final String NEWEST =
            " qualify row_number() over (partition by id order by _airbyte_extracted_at desc"
                    + " nulls last, _airbyte_raw_id desc) = 1";

    /** @param minute null for a row that does not say when it was extracted */
    record Row(int id, @Nullable Integer minute, int amount) {}

    record LandedFile(int day, List<Row> rows) {}

    /** What is done with the landings of some days, of which the runner knows the first files only. */
    record Delivery(Set<Integer> days, int knownFiles, How how, boolean oneByOne) {}

    enum How {
        APPLY,
        REPLAY,
        RESTART,
        REWIND,
        REFRESH
    }

    enum Form {
        /** Reads the exact files of the run, one row per key. */
        FILES,
        /** Leaves it to the sequence to find the newest row. */
        SEQUENCE,
        /** Filters as the guide does, and loses landings if left alone. */
        GUIDE
    }

    record Scenario(Form form, List<LandedFile> files, List<Delivery> deliveries) {}

    @Provide
    Arbitrary<Scenario> scenarios() {
        Arbitrary<Row> rows = Combinators.combine(
                        Arbitraries.integers().between(1, 4),
                        Arbitraries.integers().between(0, 5).injectNull(0.1),
                        Arbitraries.integers().between(0, 99))
                .as(Row::new);
        Arbitrary<LandedFile> files = Combinators.combine(
                        Arbitraries.integers().between(27, 34),
                        rows.list().ofMinSize(1).ofMaxSize(5))
                .as(LandedFile::new);
        Arbitrary<Delivery> deliveries = Combinators.combine(
                        Arbitraries.integers()
                                .between(27, 34)
                                .set()
                                .ofMinSize(1)
                                .ofMaxSize(6),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.of(How.class),
                        Arbitraries.of(true, false))
                .as(Delivery::new);
        return Combinators.combine(
                        Arbitraries.of(Form.class),
                        files.list().ofMinSize(1).ofMaxSize(6),
                        deliveries.list().ofMaxSize(6))
                .as(Scenario::new);
    }

    @Property(tries = 25, seed = "2026", edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void givesTheSameTable(@ForAll("scenarios") Scenario scenario) throws IOException {
        check(scenario);
    }

    @Tag("soak")
    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void givesTheSameTableHoweverOftenItIsTried(@ForAll("scenarios") Scenario scenario) throws IOException {
        check(scenario);
    }

    private static void check(Scenario scenario) throws IOException {
        Path folder = Files.createTempDirectory("order");
        try (Shop shop = new Shop(folder, scenario)) {
            scenario.deliveries().forEach(shop::deliver);
            shop.deliver(new Delivery(Set.of(27, 28, 29, 30, 31, 32, 33, 34), 6, How.APPLY, false));

            assertThat(shop.table()).as("%s", scenario).isEqualTo(shop.expected());
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** A lake, a warehouse and a runner over them. */
    private static final class Shop implements AutoCloseable {
        private static final ParquetFiles PARQUET = new ParquetFiles();

        private final Path folder;
        private final LocalLake lake;
        private final Warehouse warehouse;
        private final TestProject project;
        private final List<String> keys = new ArrayList<>();
        private StreamRunner runner;
        private long lane;
        private long offset = 100;

        Shop(Path folder, Scenario scenario) throws IOException {
            this.folder = folder;
            Files.createDirectories(folder.resolve("landing"));
            this.lake = new LocalLake(folder);
            this.warehouse = Warehouse.open(Targets.inMemory(), folder, WarehouseSettings.exclusive("test"));
            this.project = project(scenario.form());
            for (int i = 0; i < scenario.files().size(); i++) {
                land(i, scenario.files().get(i));
            }
            this.runner = runner(true);
            this.lane = runner.takeLane(THINGS);
        }

        private static TestProject project(Form form) {
            Map<String, Object> config = new HashMap<>(
                    Map.of("materialized", "incremental", "tags", List.of("shop__things"), "unique_key", "thing_id"));
            config.put("sequence_by", List.of("_airbyte_extracted_at", "_airbyte_raw_id"));
            return new TestProject(Targets.inMemory())
                    .stream("shop", "things").model("things", config, (request, vars) -> {
                        if (form != Form.GUIDE) {
                            vars.get("files");
                            return COLUMNS + (form == Form.FILES ? NEWEST : "");
                        }
                        String filter = request.incremental()
                                ? " where "
                                        + request.database()
                                                .query(
                                                        "select coalesce('year = ''' || max(year) || ''' and month = ''' ||"
                                                                + " max(month) || ''' and day >= ''' || max(day) || '''', 'true') from"
                                                                + " main.things")
                                                .rows()
                                                .get(0)
                                                .get(0)
                                : "";
                        return COLUMNS + filter + NEWEST;
                    });
        }

        private StreamRunner runner(boolean small) {
            RunSettings settings = small ? RunSettings.DEFAULT.withMaxBatchBytes(1) : RunSettings.DEFAULT;
            return new StreamRunner(
                    project::project, warehouse, lake, new DirectReader(lake), settings, any -> project);
        }

        /** Days go on into January. */
        private static String partition(int day) {
            return day <= 31 ? "year=2025/month=12/day=" + day : "year=2026/month=01/day=0" + (day - 31);
        }

        private void land(int index, LandedFile file) {
            String rows = file.rows().stream()
                    .map(row -> "(" + row.id() + ", " + row.amount() + ", "
                            + (row.minute() == null ? "null" : "'2025-12-30 01:0" + row.minute() + "Z'") + ")")
                    .collect(Collectors.joining(", "));
            String key = "raw/shop/things/" + partition(file.day()) + "/f" + index + ".parquet";
            PARQUET.land(
                    folder,
                    "landing",
                    key,
                    "select id::bigint as id, amount::bigint as amount, seen::timestamptz as _airbyte_extracted_at,"
                            + " md5(" + index + " || '-' || row_number() over ()) as _airbyte_raw_id from (values "
                            + rows + ") as t(id, amount, seen)");
            keys.add(key);
        }

        private List<PartitionLanded> landings(Delivery delivery) {
            Set<String> known = Set.copyOf(keys.subList(0, Math.min(keys.size(), delivery.knownFiles())));
            Set<String> partitions =
                    delivery.days().stream().map(Shop::partition).collect(Collectors.toSet());
            return TestProject.landings(lake, "landing", "shop", "things").stream()
                    .filter(landing -> partitions.contains(landing.key()))
                    .map(landing -> TestProject.only(landing, known))
                    .filter(landing -> !landing.files().isEmpty())
                    .toList();
        }

        void deliver(Delivery delivery) {
            List<PartitionLanded> landings = landings(delivery);
            if (delivery.how() == How.RESTART) {
                runner = runner(delivery.oneByOne());
                lane = runner.takeLane(THINGS);
            }
            List<List<PartitionLanded>> parts =
                    delivery.oneByOne() ? landings.stream().map(List::of).toList() : List.of(landings);
            for (List<PartitionLanded> part : parts) {
                if (!part.isEmpty()) {
                    deliver(part, delivery.how());
                }
            }
        }

        private void deliver(List<PartitionLanded> landings, How how) {
            List<RunResult> results = switch (how) {
                case REPLAY -> runner.replay(THINGS, landings, LanePosition.none(lane), false, result -> {});
                case REFRESH ->
                    runner.fullRefresh(THINGS, List.of(), landings, LanePosition.none(lane), false, result -> {});
                case REWIND -> runner.replay(THINGS, landings, new LanePosition(lane, 1, 1), false, result -> {});
                case APPLY, RESTART -> runner.apply(THINGS, landings, new LanePosition(lane, ++offset, offset), false);
            };
            // A full refresh from fewer files than the table has is refused, and that is right.
            assertThat(results)
                    .allMatch(result -> result instanceof RunResult.Succeeded
                            || (how == How.REFRESH && String.valueOf(result).contains("with --force")));
        }

        private String digest(String rows) {
            return warehouse.with(
                    "test",
                    session -> String.valueOf(session.query("select count(*), sum(hash(t)) from (" + rows + ") t")
                            .rows()));
        }

        String table() {
            return digest("select thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id from things");
        }

        String expected() {
            return digest("select id as thing_id, amount, _airbyte_extracted_at, _airbyte_raw_id from read_parquet('"
                    + folder + "/landing/**/*.parquet', hive_partitioning=false)" + NEWEST);
        }

        @Override
        public void close() {
            warehouse.close();
            lake.close();
        }
    }
}
