package dev.landfall.sensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.lake.Lake;
import dev.landfall.lake.LakePage;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.ListingServer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What detection costs, on a store that answers a page in the same time however much there is, and a real broker. Run
 * with {@code ./mvnw -pl sensor-service -am verify -Dbench -Dit.test=SensorBench -Dtest=None
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false}.
 */
@EnabledIfSystemProperty(named = "bench", matches = ".*")
class SensorBench {
    private static final int POLL_SECONDS = 5;
    private static final int WATCHED_POLLS = 4;

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path project;

    @BeforeAll
    static void signIn() {
        System.setProperty("aws.accessKeyId", "any");
        System.setProperty("aws.secretAccessKey", "any");
        System.setProperty("aws.region", "us-east-1");
        System.out.println("| streams | objects | ms a page | listed | taken in | ratio | pages a poll | put to record"
                + " p50, max | heap with broker and store |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
    }

    @Test
    void oneStreamOfAHundredThousand() {
        measure("near", 1, 100_000, 0);
    }

    @Test
    void oneStreamOfAHundredThousandFarAway() {
        measure("far", 1, 100_000, 40);
    }

    @Test
    void aHundredStreams() {
        measure("many", 100, 100_000, 0);
    }

    @Test
    void aMillionObjects() {
        measure("million", 1, 1_000_000, 40);
    }

    private void measure(String prefix, int streams, int objects, long latency) {
        try (ListingServer store = ListingServer.start().latencyMillis(latency)) {
            for (int stream = 0; stream < streams; stream++) {
                Replica.stream(project, "shop", prefix + stream, "{}");
                fill(store, prefix + stream, objects / streams);
            }
            // The first one warms up what both use.
            list(store, prefix, streams);
            Duration listing = list(store, prefix, streams);
            try (Replica replica = Replica.start(settings(store, prefix))) {
                while (store.pages() < 2L * Math.max(streams, objects / 1_000) + 2) {
                    Replica.pause(2);
                }
                Instant begun = Instant.now();
                while (replica.sensors().listed() < streams) {
                    Replica.pause(2);
                }
                Duration taken = Duration.between(begun, Instant.now());
                Replica.pause(POLL_SECONDS * 2_000);
                long before = store.pages();
                Replica.pause(POLL_SECONDS * WATCHED_POLLS * 1_000);
                double pages = (store.pages() - before) / (double) (WATCHED_POLLS * streams);
                long[] latencies = latencies(replica, store, prefix, streams);
                System.gc();
                long heap =
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %,d | %d | %.2f s | %.2f s | %.2f | %.2f | %.1f s, %.1f s | %d MB |%n",
                        streams,
                        objects,
                        latency,
                        listing.toMillis() / 1e3,
                        taken.toMillis() / 1e3,
                        taken.toMillis() / (double) listing.toMillis(),
                        pages,
                        latencies[latencies.length / 2] / 1e3,
                        latencies[latencies.length - 1] / 1e3,
                        heap);
                // One for the newest, and so many for the sweep that its cycle of an hour holds.
                double sweep = Math.ceil(objects / 1_000.0 / streams / (3_600.0 / POLL_SECONDS));
                assertThat(pages).isLessThan(1.5 + sweep);
            }
        }
    }

    private static Map<String, String> settings(ListingServer store, String prefix, Path project) {
        return new HashMap<>(Map.of(
                "spring.kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "landfall.topics.prefix",
                prefix,
                "landfall.project-dir",
                project.toString(),
                "landfall.lake.endpoint",
                store.endpoint().toString(),
                "landfall.sensor.poll",
                POLL_SECONDS + "s",
                "landfall.sensor.idle-poll",
                POLL_SECONDS + "s",
                "landfall.sensor.quiet-period",
                "2s"));
    }

    private Map<String, String> settings(ListingServer store, String prefix) {
        return settings(store, prefix, project);
    }

    private static long[] latencies(Replica replica, ListingServer store, String prefix, int streams) {
        long[] latencies = new long[10];
        for (int i = 0; i < latencies.length; i++) {
            String stream = prefix + i % streams;
            long known = replica.landings("shop", stream);
            Instant put = Instant.now();
            store.put("landing", folder(stream, LocalDate.now(ZoneOffset.UTC)) + "new" + i + ".parquet", 10, put);
            while (replica.landings("shop", stream) == known) {
                Replica.pause(2);
            }
            latencies[i] = Duration.between(put, Instant.now()).toMillis();
            Replica.pause(370L * i);
        }
        Arrays.sort(latencies);
        return latencies;
    }

    private static void fill(ListingServer store, String stream, int objects) {
        int days = Math.max(1, objects / 24);
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        Instant old = Instant.now().minusSeconds(86_400);
        for (int i = 0; i < objects; i++) {
            String name = String.format("1700000000_%05d.parquet", i / days);
            store.put("landing", folder(stream, today.minusDays(i % days)) + name, 1_000_000, old);
        }
    }

    private static String folder(String stream, LocalDate day) {
        return String.format(
                "raw/shop/%s/year=%04d/month=%02d/day=%02d/",
                stream, day.getYear(), day.getMonthValue(), day.getDayOfMonth());
    }

    private static Duration list(ListingServer store, String prefix, int streams) {
        try (Lake lake =
                Lakes.open(LakeSettings.of(null, store.endpoint().toString(), null, null, null, null, null, null))) {
            Instant begun = Instant.now();
            for (int stream = 0; stream < streams; stream++) {
                String token = null;
                do {
                    LakePage page = lake.list("landing", "raw/shop/" + prefix + stream + "/", null, token);
                    token = page.next();
                } while (token != null);
            }
            return Duration.between(begun, Instant.now());
        }
    }
}
