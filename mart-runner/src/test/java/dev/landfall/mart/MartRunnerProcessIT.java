package dev.landfall.mart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelMaterialized;
import dev.landfall.service.Engine;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ServiceRun;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** mart-runner in a process of its own, killed in the middle of a wave. */
class MartRunnerProcessIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static final int KILLED = 137;
    private static final String MARTS = "total largest orders squares mean summary";
    private static final String RUNS_BY_MART =
            "select model, count(*) from _landfall.runs where layer = 'mart' and status = 'success' group by model";

    @TempDir
    private Path directory;

    private Workshop shop;

    @BeforeEach
    void open() {
        shop = new Workshop(kafka, directory);
        shop.set("landfall.warehouse.shared", "true");
        shop.set("landfall.warehouse.max-hold", "100ms");
        shop.stream("orders");
        shop.mart("total", "select sum(amount)::int as value from {{ ref('int_orders') }}");
        shop.mart("largest", "select max(amount)::int as value from {{ ref('int_orders') }}");
        shop.mart("orders", "select count(*)::int as value from {{ ref('int_orders') }}");
        shop.mart("squares", "select sum(amount * amount)::int as value from {{ ref('int_orders') }}");
        shop.mart("mean", "select t.value // o.value as value from {{ ref('total') }} t, {{ ref('orders') }} o");
        shop.mart("summary", "select m.value + l.value as value from {{ ref('mean') }} m, {{ ref('largest') }} l");
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void finishesTheWaveInWhichItWasKilled() throws Exception {
        try (Engine core = shop.engine()) {
            shop.run(core, "orders", 15, 1, 10);
            shop.set("landfall.mart.recheck", "200ms");
            // Six commits in the first wave, three of six in the second; one beside them may get as far before the end.
            try (ServiceRun killed = shop.startProcess("-Dlandfall.crash-at=AFTER_COMMIT:9")) {
                Workshop.await(() -> assertThat(told()).as(killed::lastWords).hasSize(6));
                // Nobody is told: the ledger says all that there is to know.
                shop.run(core, "orders", 16, 2, 30);
                assertThat(killed.exitCode()).as(killed::lastWords).isEqualTo(KILLED);
            }
            assertThat(shop.query(core, RUNS_BY_MART + " having count(*) = 2")).hasSizeBetween(3, 4);

            shop.set("landfall.mart.recheck", "1h");
            try (ServiceRun next = shop.startProcess()) {
                Workshop.await(() -> assertThat(told()).as(next::lastWords).hasSize(12));
            }

            assertThat(shop.query(core, values())).containsExactly("40 30 2 1000 20 50");
            assertThat(shop.query(core, RUNS_BY_MART)).hasSize(6).allMatch(run -> run.endsWith(" 2"));
            assertThat(shop.query(core, "select distinct status from _landfall.runs"))
                    .containsExactly("success");
            assertThat(told())
                    .containsExactlyInAnyOrderElementsOf(
                            shop.query(core, "select run_id from _landfall.runs where layer = 'mart'"));
        }
    }

    /** The runs of marts that somebody was told of. */
    private List<String> told() {
        return shop.martEvents().stream()
                .map(ModelMaterialized::runId)
                .distinct()
                .toList();
    }

    private static String values() {
        return List.of(MARTS.split(" ")).stream()
                .map(mart -> "(select value from " + mart + ")")
                .collect(Collectors.joining(", ", "select ", ""));
    }
}
