package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelMaterialized;
import dev.landfall.testing.KafkaFixture;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** One runner, a thousand streams, a few threads. */
@Tag("soak")
class ThousandStreamsIT {
    private static final int STREAMS = Integer.getInteger("landfall.soak.streams", 1_000);

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    private Path directory;

    @Test
    void runsThemAllWithoutAThreadEach() {
        try (Workshop shop = new Workshop(kafka, directory)) {
            for (int i = 0; i < STREAMS; i++) {
                shop.stream("s" + i);
                shop.land("s" + i, 1, "a.parquet", i, "first");
            }
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            int before = threads.getThreadCount();
            threads.resetPeakThreadCount();

            ConfigurableApplicationContext core = shop.start();
            awaitModels(shop, core, 1);
            for (int i = 0; i < STREAMS; i++) {
                shop.land("s" + i, 2, "a.parquet", i, "second");
            }
            awaitModels(shop, core, 2);

            assertThat(threads.getPeakThreadCount() - before)
                    .as("threads of the runner, at most")
                    .isBetween(1, 60);
            assertThat(shop.query(core, "select count(distinct stream), max(epoch) from _landfall.lanes"))
                    .as("no rebalance took a lane away")
                    .containsExactly(STREAMS + " 1");
            assertThat(shop.failed()).isEmpty();
            Workshop.await(() -> assertThat(shop.materialized().stream()
                            .map(ModelMaterialized::model)
                            .distinct())
                    .hasSize(STREAMS));
        }
    }

    private static void awaitModels(Workshop shop, ConfigurableApplicationContext core, int files) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofSeconds(2))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(shop.query(
                                core,
                                "select count(*) from (select model from _landfall.landings where status = 'applied'"
                                        + " group by model having count(*) = " + files + ")"))
                        .containsExactly(String.valueOf(STREAMS)));
    }
}
