package dev.landfall.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.landfall.project.Project;
import dev.landfall.project.Target;
import dev.landfall.run.EagerMarts.Staleness;
import dev.landfall.run.EagerMarts.State;
import dev.landfall.warehouse.Ledger;
import dev.landfall.warehouse.Targets;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EagerMartsTest {
    private static final Map<String, Object> TABLE = Map.of("materialized", "table");
    private static final Map<String, Object> CORE =
            Map.of("materialized", "incremental", "tags", List.of("shop__things"));

    private final Target target = Targets.inMemory();
    private Warehouse warehouse;
    private TestProject templates = new TestProject(target);
    private Project project = templates.project();
    private EagerMarts marts;
    private int version;

    @BeforeEach
    void open() {
        warehouse = Warehouse.open(target, Path.of("."), WarehouseSettings.exclusive("test"));
        marts = newProcess();
    }

    private EagerMarts newProcess() {
        return new EagerMarts(() -> project, warehouse, null, null, RunSettings.DEFAULT, any -> templates);
    }

    @AfterEach
    void close() {
        warehouse.close();
    }

    private void use(TestProject other) {
        templates = other;
        project = other.project();
    }

    private TestProject cores(String... names) {
        return cores(target, names);
    }

    private static TestProject cores(Target target, String... names) {
        TestProject result = new TestProject(target).stream("shop", "things");
        for (String name : names) {
            result.model(name, CORE, (request, vars) -> "select 1 as x");
        }
        return result;
    }

    /** core → a, b → c: a diamond. */
    private TestProject diamond() {
        return cores("core")
                .model("a", TABLE, (request, vars) -> "select x + 1 as x from main.core", "core")
                .model("b", TABLE, (request, vars) -> "select x + 2 as x from main.core", "core")
                .model("c", TABLE, (request, vars) -> "select a.x + b.x as x from main.a, main.b", "a", "b");
    }

    /** As core-runner does: rows and version in one transaction. */
    private void runCore(String name, int value) {
        runCore(name, value, "v" + (version + 1));
    }

    private void runCore(String name, int value, String digest) {
        warehouse.with("core", session -> {
            Ledger ledger = Ledger.open(session, "memory");
            session.begin();
            session.execute("create or replace table main." + name + " as select " + value + " as x");
            ledger.put(new Ledger.Build(
                    "model.test." + name,
                    name,
                    "core",
                    "v" + ++version,
                    Instant.now(),
                    "",
                    "",
                    "",
                    Map.of(),
                    1,
                    "sequence",
                    "",
                    ""));
            ledger.put("model.test." + name, new Ledger.Content(digest, Map.of()));
            session.commit();
            return true;
        });
    }

    private List<String> wave() {
        List<String> told = new ArrayList<>();
        marts.buildStale(result -> told.add(name(result.model())
                + (result instanceof RunResult.Succeeded
                        ? ""
                        : result instanceof RunResult.Skipped skipped ? ": " + skipped.reason() : ": failed")));
        return told;
    }

    private static String name(String id) {
        return id.substring(id.lastIndexOf('.') + 1);
    }

    private long value(String table) {
        return warehouse.with("test", session -> session.number("select x from main." + table));
    }

    private Staleness state(String mart) {
        return marts.explain().stream()
                .filter(each -> name(each.model()).equals(mart))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void buildsEachMartOfADiamondOnceAWaveInGraphOrder() {
        use(diamond());
        runCore("core", 10);

        List<String> first = wave();
        List<String> second = wave();
        runCore("core", 20);
        runCore("core", 30);
        List<String> third = wave();

        assertThat(first).containsExactly("a", "b", "c");
        assertThat(second).isEmpty();
        assertThat(third).containsExactly("a", "b", "c");
        assertThat(value("c")).isEqualTo(63);
        assertThat(marts.explain()).extracting(Staleness::state).containsOnly(State.FRESH);
    }

    @Test
    void tellsTheVersionsThatAMartWasBuiltFrom() {
        use(diamond());
        runCore("core", 10);

        RunResult.Succeeded a =
                (RunResult.Succeeded) marts.buildStale(result -> {}).get(0);

        assertThat(a.event().layer()).isEqualTo("mart");
        assertThat(a.event().parentVersions()).containsExactly(Map.entry("model.test.core", "v1"));
        assertThat(a.event().rowsTotal()).isEqualTo(1);
    }

    @Test
    void waitsWithAReasonForAParentThatWasNeverBuilt() {
        use(cores("core", "other")
                .model("both", TABLE, (request, vars) -> "select 1 as x from main.core, main.other", "core", "other")
                .model("one", TABLE, (request, vars) -> "select x from main.core", "core"));
        runCore("core", 1);

        List<String> first = wave();
        String reason = state("both").reason();
        runCore("other", 1);
        List<String> second = wave();

        assertThat(first).containsExactlyInAnyOrder("both: waits for other, which was never built", "one");
        assertThat(reason).contains("other");
        assertThat(second).containsExactly("both");
    }

    @Test
    void aFailingMartStopsItsDescendantsAndNotItsSiblings() {
        use(cores("core")
                .model("bad", TABLE, (request, vars) -> "select 1 / nothing as x from main.core", "core")
                .model("child", TABLE, (request, vars) -> "select x from main.bad", "bad")
                .model("grandchild", TABLE, (request, vars) -> "select x from main.child", "child")
                .model("sibling", TABLE, (request, vars) -> "select x from main.core", "core"));
        runCore("core", 1);

        List<String> first = wave();
        List<String> again = wave();
        runCore("core", 2);
        List<String> afterNewInput = wave();

        assertThat(first).contains("bad: failed", "sibling");
        assertThat(first)
                .filteredOn(told -> told.startsWith("child"))
                .singleElement()
                .asString()
                .contains("bad");
        assertThat(again)
                .filteredOn(told -> told.startsWith("bad"))
                .singleElement()
                .asString()
                .contains("nothing that");
        assertThat(again).doesNotContain("sibling");
        assertThat(afterNewInput).contains("bad: failed", "sibling");
        assertThat(state("bad").reason()).contains("changed since: model bad (models/bad.sql): Binder Error");
    }

    @Test
    void buildsNoMartByAMaterializationOfTheProjectsOwn() {
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select x from main.core", "core")
                .owns("table"));
        runCore("core", 1);

        List<String> told = wave();

        assertThat(told).containsExactly("m: failed");
        assertThat(state("m").reason()).contains("'table' is a materialization block of the project");
    }

    @Test
    void keepsTheOldTableWhenARebuildFails() {
        use(cores("core").model("m", TABLE, (request, vars) -> "select (10 / x)::integer as x from main.core", "core"));
        runCore("core", 5);
        wave();
        use(cores("core")
                .model(
                        "m",
                        TABLE,
                        "new text",
                        (request, vars) -> "select error('no')::integer as x from main.core",
                        "core"));

        List<String> failed = wave();

        assertThat(failed).containsExactly("m: failed");
        assertThat(value("m")).isEqualTo(2);
        assertThat(warehouse.<String>with(
                        "test",
                        session -> String.valueOf(session.query(
                                        "select table_name from information_schema.tables where table_schema = 'main' order by 1")
                                .rows())))
                .isEqualTo("[[core], [m]]");
    }

    @Test
    void buildsNothingOnAMartWhoseRebuildFailed() {
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select (10 / x)::integer as x from main.core", "core")
                .model("child", TABLE, (request, vars) -> "select x from main.m", "m"));
        runCore("core", 5);
        wave();
        use(cores("core")
                .model("m", TABLE, "new", (request, vars) -> "select error('no')::integer as x from main.core", "core")
                .model("child", TABLE, "new", (request, vars) -> "select x + 1 as x from main.m", "m"));

        List<String> told = wave();

        assertThat(told).hasSize(2).contains("m: failed").doesNotContain("child");
        assertThat(value("child")).isEqualTo(2);
    }

    @Test
    void saysWhyAMartWaitsAllTheWayDown() {
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select (10 / x)::integer as x from main.core", "core")
                .model("child", TABLE, (request, vars) -> "select x from main.m", "m")
                .model("grandchild", TABLE, (request, vars) -> "select x from main.child", "child")
                .model("sibling", TABLE, (request, vars) -> "select x from main.core", "core"));
        runCore("core", 5);
        wave();

        runCore("core", 6);
        Staleness before = state("child");
        use(cores("core")
                .model("m", TABLE, "new", (request, vars) -> "select error('no')::integer as x from main.core", "core")
                .model("child", TABLE, (request, vars) -> "select x from main.m", "m")
                .model("grandchild", TABLE, (request, vars) -> "select x from main.child", "child")
                .model("sibling", TABLE, (request, vars) -> "select x from main.core", "core"));
        wave();

        assertThat(before).isEqualTo(waits("child", "waits for m, which is to be built first"));
        assertThat(state("m").reason()).startsWith("failed, ").contains("Error: no");
        assertThat(state("child")).isEqualTo(waits("child", "waits for m, which failed"));
        assertThat(state("grandchild")).isEqualTo(waits("grandchild", "waits for child, which waits itself"));
        assertThat(state("sibling").state()).isEqualTo(State.FRESH);
    }

    private static Staleness waits(String mart, String reason) {
        return new Staleness("model.test." + mart, State.WAITING, reason);
    }

    @Test
    void rebuildsAMartWhoseTextChangedAndWhatReadsIt() {
        use(diamond());
        runCore("core", 10);
        wave();
        TestProject edited = cores("core")
                .model("a", TABLE, "edited", (request, vars) -> "select x + 5 as x from main.core", "core")
                .model("b", TABLE, (request, vars) -> "select x + 2 as x from main.core", "core")
                .model("c", TABLE, (request, vars) -> "select a.x + b.x as x from main.a, main.b", "a", "b");
        use(edited);

        List<String> told = wave();

        assertThat(told).containsExactly("a", "c");
        assertThat(value("c")).isEqualTo(27);
    }

    @Test
    void rebuildsAMartWhoseCompiledSqlChangedThroughAMacro() {
        use(cores("core").model("m", TABLE, (request, vars) -> "select 1 as x", "core"));
        runCore("core", 1);
        wave();
        use(cores("core", "more").model("m", TABLE, (request, vars) -> "select 2 as x", "core"));
        List<String> changed = wave();
        use(cores("core", "more", "still").model("m", TABLE, (request, vars) -> "select 2 as x", "core"));

        List<String> same = wave();

        assertThat(changed).containsExactly("m");
        assertThat(same).isEmpty();
    }

    @Test
    void healsWhatALostEventOrARestartLeftUndone() {
        use(diamond());
        runCore("core", 10);
        wave();
        runCore("core", 20);
        marts = newProcess();

        List<String> told = wave();

        assertThat(told).containsExactly("a", "b", "c");
    }

    @Test
    void rebuildsARelationThatIsGone() {
        use(diamond());
        runCore("core", 10);
        wave();
        warehouse.with("test", session -> session.update("drop table main.b"));

        assertThat(wave()).as("b comes to the same rows, so c stays").containsExactly("b");
        assertThat(state("c").state()).isEqualTo(State.FRESH);
        assertThat(state("c").reason()).isEqualTo("b ran again and came to the same rows; it is not rebuilt");
    }

    @Test
    void buildsNothingOnAMartThatCameToTheSameRows() {
        use(cores("core")
                .model("sign", TABLE, (request, vars) -> "select sign(x) as x from main.core", "core")
                .model("below", TABLE, (request, vars) -> "select x from main.sign", "sign")
                .model("dated", TABLE, (request, vars) -> "select x, current_date as d from main.sign", "sign"));
        runCore("core", 1);
        wave();
        runCore("core", 2);
        List<String> same = wave();
        runCore("core", -1);
        List<String> other = wave();

        assertThat(same)
                .as("what asks for the date is no function of its inputs")
                .containsExactly("sign", "dated");
        assertThat(other).containsExactly("sign", "below", "dated");
        assertThat(value("below")).isEqualTo(-1);
    }

    @Test
    void buildsNothingWhenAStreamRanAndItsRowsStayed() {
        use(cores("core").model("m", TABLE, (request, vars) -> "select x from main.core", "core"));
        runCore("core", 1, "content 1");
        wave();
        runCore("core", 1, "content 1");
        List<String> same = wave();
        String reason = state("m").reason();
        runCore("core", 2, "content 2");

        assertThat(same).isEmpty();
        assertThat(reason).isEqualTo("core ran again and came to the same rows; it is not rebuilt");
        assertThat(wave()).containsExactly("m");
    }

    @Test
    void rebuildsAMartWhoseCompiledSqlChangedAlsoWhereItsInputsStayed() {
        AtomicInteger answer = new AtomicInteger(1);
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select " + answer.get() + " as x from main.core", "core"));
        runCore("core", 1, "content");
        wave();
        runCore("core", 1, "content");
        List<String> same = wave();
        // As what run_query or an environment variable tells would change it: nobody edited the project.
        answer.set(2);
        runCore("core", 1, "content");

        List<String> other = wave();

        assertThat(same).isEmpty();
        assertThat(other).containsExactly("m");
        assertThat(value("m")).isEqualTo(2);
    }

    @Test
    void rebuildsAMartWhoseSqlIsNotDeterministicWhereverItsInputsRan() {
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select x, random() as r from main.core", "core")
                .model("sequenced", TABLE, (request, vars) -> "select x, uuid() as id from main.core", "core")
                .model("plain", TABLE, (request, vars) -> "select x from main.core", "core"));
        runCore("core", 1, "content");
        wave();
        runCore("core", 1, "content");

        List<String> again = wave();

        assertThat(again).containsExactly("m", "sequenced");
        assertThat(state("m").state()).isEqualTo(State.FRESH);
    }

    @Test
    void replacesATableByAQueryOfItselfAndATableByAView() {
        AtomicReference<String> sql = new AtomicReference<>("select x from main.core");
        use(cores("core").model("m", TABLE, (request, vars) -> sql.get(), "core"));
        runCore("core", 1);
        wave();
        sql.set("select core.x + m.x as x from main.core, main.m");
        runCore("core", 2);
        wave();
        long ofItself = value("m");
        use(cores("core")
                .model("m", Map.of("materialized", "view"), "viewed", (request, vars) -> "select x from core", "core"));
        wave();
        use(cores("core").model("m", TABLE, "back", (request, vars) -> "select 5 as x from main.core", "core"));
        wave();

        long leftOver = warehouse.with(
                "test",
                session -> session.number(
                        "select count(*) from information_schema.tables where starts_with(table_name, 'm__')"));
        assertThat(ofItself).isEqualTo(3);
        assertThat(value("m")).isEqualTo(5);
        assertThat(leftOver).isZero();
    }

    @Test
    void swapsAtomicallyUnderReaders() throws Exception {
        use(cores("core")
                .model("m", TABLE, (request, vars) -> "select x, range as r from main.core, range(2000)", "core"));
        runCore("core", 0);
        wave();
        List<Object> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(() -> {
            for (int i = 0; i < 200; i++) {
                List<List<Object>> rows = List.copyOf(warehouse.with(
                        "read",
                        session -> session.query("select count(*), count(distinct x) from main.m")
                                .rows()));
                if (!rows.equals(List.of(List.of(2000L, 1L)))) {
                    wrong.add(rows);
                }
            }
        });
        reader.start();

        for (int i = 1; i <= 8; i++) {
            runCore("core", i);
            wave();
        }
        reader.join();

        assertThat(wrong).isEmpty();
    }

    @Test
    void buildsIncrementalMartsAsDbtDoes() {
        use(cores("core")
                .model(
                        "log",
                        Map.of("materialized", "incremental"),
                        (request, vars) -> "select x from main.core"
                                + (request.incremental() ? " where x > (select max(x) from main.log)" : ""),
                        "core"));
        runCore("core", 1);
        wave();
        runCore("core", 2);

        wave();

        assertThat(warehouse.<Long>with("test", session -> session.number("select sum(x) from main.log")))
                .isEqualTo(3);
    }

    @Test
    void buildsAgainByTheClockWhereAMartAsksForIt() throws Exception {
        use(cores("core")
                .model("often", every("1s"), (request, vars) -> "select 1 as x", "core")
                .model("seldom", every("1h"), (request, vars) -> "select 1 as x", "core"));
        runCore("core", 1);
        List<String> first = wave();
        Thread.sleep(1100);

        assertThat(first).containsExactlyInAnyOrder("often", "seldom");
        assertThat(wave()).containsExactly("often");
    }

    private static Map<String, Object> every(String time) {
        return Map.of("materialized", "table", "landfall", Map.of("every", time));
    }

    @Test
    void buildsWhatIsAskedForWhetherStaleOrNot() {
        use(diamond());
        runCore("core", 10);
        wave();

        List<RunResult> results = marts.build(List.of("b"), true, result -> {});

        assertThat(results).singleElement().isInstanceOf(RunResult.Succeeded.class);
        assertThat(state("c").reason()).startsWith("b ran again");
        runCore("core", 20);
        assertThat(state("c"))
                .isEqualTo(waits("c", "waits for a, which is to be built first; b, which is to be built first"));
        marts.build(List.of("b"), true, result -> {});
        assertThat(state("c")).isEqualTo(waits("c", "waits for a, which is to be built first"));
        marts.build(List.of("a"), true, result -> {});
        assertThat(state("c").state()).isEqualTo(State.STALE);
        assertThat(state("c").reason()).isEqualTo("a is newer");
    }

    @Test
    void runsTwentyParentsAndOneChildInOneWave() {
        TestProject many = cores("core");
        String[] names = new String[20];
        for (int i = 0; i < 20; i++) {
            names[i] = "m" + i;
            many.model(names[i], TABLE, (request, vars) -> "select x from main.core", "core");
        }
        many.model("total", TABLE, (request, vars) -> "select m0.x + m19.x as x from main.m0, main.m19", names);
        use(many);
        runCore("core", 1);

        List<String> told = wave();

        assertThat(told).hasSize(21).endsWith("total").doesNotHaveDuplicates();
    }

    @Test
    void buildsSideBySideWhatDoesNotReadEachOther() {
        CyclicBarrier both = new CyclicBarrier(2);
        TestProject diamond = cores(Targets.inMemory(2), "core");
        for (String side : List.of("a", "b")) {
            diamond.model(
                    side,
                    TABLE,
                    (request, vars) -> {
                        meet(both);
                        return "select x from main.core";
                    },
                    "core");
        }
        use(diamond.model("c", TABLE, (request, vars) -> "select a.x + b.x as x from main.a, main.b", "a", "b"));
        runCore("core", 10);

        assertThat(wave()).containsOnlyOnce("a", "b").endsWith("c").hasSize(3);
        assertThat(value("c")).isEqualTo(20);
    }

    @Test
    void leavesNothingRunningBehindAWaveThatBreaks() {
        CyclicBarrier both = new CyclicBarrier(2);
        use(cores(Targets.inMemory(2), "core")
                .model(
                        "a",
                        TABLE,
                        (request, vars) -> {
                            meet(both);
                            throw new IllegalStateException("a bug");
                        },
                        "core")
                .model(
                        "b",
                        TABLE,
                        (request, vars) -> {
                            meet(both);
                            return "select sum(i) as x from range(50_000_000) t(i)";
                        },
                        "core"));
        runCore("core", 10);

        assertThatThrownBy(this::wave).hasMessage("a bug");
        assertThat(value("b")).isEqualTo(1_249_999_975_000_000L);
    }

    private static void meet(CyclicBarrier others) {
        try {
            others.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException("nobody is built beside it", e);
        }
    }
}
