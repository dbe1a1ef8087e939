package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.sensor.SensorApplication;
import dev.landfall.testing.FaultyProxy;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.S3Server;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network between the three services, their broker and their store fails in the middle of everything. In the end the
 * tables are those of an undisturbed run, each landing was announced and applied once, nothing is blamed, and health told
 * what was away for as long as it was.
 */
class FaultsIT {
    private static final FaultyProxy toKafka = FaultyProxy.start();
    private static final FaultyProxy toStore = FaultyProxy.start();

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.behind(toKafka);

    private static S3Server s3;

    @TempDir
    Path directory;

    private DisturbedServices services;

    @BeforeAll
    static void open() {
        toKafka.leadTo(kafka.port());
        s3 = S3Server.start();
        s3.signIn();
        toStore.leadTo(s3.endpoint().getPort());
    }

    @AfterAll
    static void close() {
        toStore.close();
        toKafka.close();
        s3.close();
    }

    @BeforeEach
    void start() throws Exception {
        services = new DisturbedServices(kafka, toKafka.port(), s3, toStore.port(), directory);
        services.set("landfall.warehouse.shared", "false");
        services.start(SensorApplication.class);
        services.start(CoreRunnerApplication.class);
        services.start(MartRunnerApplication.class);
    }

    @AfterEach
    void stop() {
        toKafka.heal();
        toStore.heal();
        services.close();
    }

    @Test
    void losesAndDoublesNothingWhenConnectionsBreakAndTheStoreAndTheBrokerAreAway() {
        // Listings pass, files do not.
        breakInTheMiddle(toStore, 20_000, () -> services.land(3));
        services.awaitAll();

        toStore.cut();
        DisturbedServices.patiently()
                .untilAsserted(() -> assertThat(services.troubles("lake"))
                        .allSatisfy(
                                trouble -> assertThat(trouble).contains("127.0.0.1:" + toStore.port(), "since 20")));
        services.land(2);
        toStore.heal();
        services.awaitAll();

        breakInTheMiddle(toKafka, 2_000, () -> services.land(3));
        services.land(2);
        toKafka.cut();
        toKafka.heal();
        services.awaitAll();

        services.checkEndsAsUndisturbed();
    }

    @Tag("soak")
    @Test
    void saysThatTheBrokerIsAwayAndGoesOnWhenItIsBack() {
        toKafka.cut();
        services.land(2);
        DisturbedServices.patiently()
                .untilAsserted(() -> assertThat(services.troubles("kafka"))
                        .allSatisfy(trouble -> assertThat(trouble).contains("no broker answers", "since 20")));
        toKafka.heal();

        services.awaitAll();
        services.checkEndsAsUndisturbed();
    }

    /** As a lost route: nothing comes, and nobody says so. */
    @Tag("soak")
    @Test
    void saysThatTheStoreAnswersNothingAndGoesOnWhenItDoesAgain() {
        toStore.swallow();
        services.land(2);
        DisturbedServices.patiently()
                .untilAsserted(() -> assertThat(services.troubles("lake"))
                        .allSatisfy(trouble -> assertThat(trouble).contains("since 20")));
        toStore.heal();

        services.awaitAll();
        services.checkEndsAsUndisturbed();
    }

    /** Cuts, resets, half answers and routes that are lost, at random, while files land. */
    @Tag("soak")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void losesAndDoublesNothingWhateverBreaks(long seed) throws Exception {
        Random random = new Random(seed);
        for (int fault = 0; fault < 25; fault++) {
            FaultyProxy proxy = random.nextBoolean() ? toStore : toKafka;
            services.land(random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> proxy.cut();
                case 1 -> proxy.reset();
                case 2 -> proxy.swallow();
                default -> {
                    proxy.breakAfter(100 + random.nextInt(20_000));
                    proxy.reset();
                }
            }
            services.land(random.nextInt(3));
            Thread.sleep(random.nextInt(2_000));
            if (random.nextInt(3) > 0) {
                proxy.heal();
            }
        }
        toKafka.heal();
        toStore.heal();

        services.awaitAll();
        services.checkEndsAsUndisturbed();
    }

    /** Goes on until connections have really broken. */
    private static void breakInTheMiddle(FaultyProxy proxy, long bytes, Runnable meanwhile) {
        long before = proxy.broken();
        proxy.breakAfter(bytes);
        proxy.reset();
        meanwhile.run();
        DisturbedServices.patiently().until(() -> proxy.broken() >= before + 3);
        proxy.heal();
    }
}
