package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.event.ModelMaterialized;
import dev.landfall.testing.KafkaFixture;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A thousand streams on one runner. */
@Tag("soak")
class ManyStreamsSoakIT {
    private static final int STREAMS = 1_000;

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    @Test
    void takeNoThreadEach() {
        try (Workshop shop = new Workshop(kafka, directory)) {
            for (int stream = 0; stream < STREAMS; stream++) {
                shop.stream("s" + stream);
                shop.land("s" + stream, 1, "a.parquet", stream, "one");
            }
            long before = ManagementFactory.getThreadMXBean().getThreadCount();

            ConfigurableApplicationContext runner = shop.start();
            long most = 0;
            Duration limit = Duration.ofMinutes(20);
            long end = System.nanoTime() + limit.toNanos();
            while (tables(shop, runner) < STREAMS && System.nanoTime() < end) {
                most = Math.max(most, ManagementFactory.getThreadMXBean().getThreadCount() - before);
                Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            }
            System.out.printf("soak: %d streams, at most %d threads of the runner%n", STREAMS, most);

            assertThat(tables(shop, runner)).isEqualTo(STREAMS);
            assertThat(most).as("threads of the runner").isBetween(1L, 60L);
            Workshop.await(() -> assertThat(shop.materialized().stream()
                            .map(ModelMaterialized::model)
                            .distinct())
                    .hasSize(STREAMS));
        }
    }

    private static int tables(Workshop shop, ConfigurableApplicationContext runner) {
        return Integer.parseInt(Arrays.stream(shop.query(
                                runner,
                                "select count(*) from duckdb_tables() where table_name like 'int\\_s%' escape '\\'")
                        .get(0)
                        .split(" "))
                .findFirst()
                .orElse("0"));
    }
}
