package dev.landfall.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.run.CrashPoint;
import dev.landfall.sensor.SensorApplication;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each service in a process of its own, killed at each place of its work where that can matter, and started again, while
 * the other two go on: in the end all is as in an undisturbed run.
 */
@Tag("soak")
class CrashedServicesIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static final int KILLED = 137;
    private static final int SEEDS = Integer.getInteger("landfall.test.seeds", 5);
    private static final List<Class<?>> SERVICES =
            List.of(SensorApplication.class, CoreRunnerApplication.class, MartRunnerApplication.class);
    private static S3Server s3;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() {
        s3 = S3Server.start();
        s3.signIn();
    }

    @AfterAll
    static void close() {
        s3.close();
    }

    static Stream<Arguments> placesAndSeeds() {
        return Stream.of(
                        places(SensorApplication.class, CrashPoint.AFTER_SEND, CrashPoint.AFTER_ANNOUNCE),
                        places(
                                CoreRunnerApplication.class,
                                CrashPoint.BEFORE_TRANSACTION,
                                CrashPoint.AFTER_STAGING,
                                CrashPoint.AFTER_DELETE,
                                CrashPoint.BEFORE_LEDGER,
                                CrashPoint.BEFORE_COMMIT,
                                CrashPoint.AFTER_COMMIT,
                                CrashPoint.AFTER_PUBLISH),
                        places(
                                MartRunnerApplication.class,
                                CrashPoint.BEFORE_LEDGER,
                                CrashPoint.BEFORE_COMMIT,
                                CrashPoint.AFTER_COMMIT,
                                CrashPoint.AFTER_PUBLISH))
                .flatMap(places -> places);
    }

    private static Stream<Arguments> places(Class<?> service, CrashPoint... points) {
        return Stream.of(points)
                .flatMap(point -> Stream.iterate(1, seed -> seed <= SEEDS, seed -> seed + 1)
                        .map(seed -> Arguments.of(service, point, seed)));
    }

    @ParameterizedTest
    @MethodSource("placesAndSeeds")
    void endsAsUndisturbedWhereverItIsKilled(Class<?> victim, CrashPoint point, int seed) throws Exception {
        Random random = new Random(seed);
        Path log = directory.resolve("victim.log");
        try (DisturbedServices services =
                new DisturbedServices(kafka, kafka.port(), s3, s3.endpoint().getPort(), directory)) {
            // Each file is a transaction of its own: there are many middles.
            services.set("landfall.core.max-batch-bytes", "1B");
            services.set("landfall.mart.linger", "0s");
            services.land(random.nextInt(3));
            SERVICES.stream().filter(service -> service != victim).forEach(services::start);

            Process killed = services.startProcess(victim, point + ":" + (1 + random.nextInt(3)), log);
            while (killed.isAlive()) {
                services.land(1);
                killed.waitFor(2, TimeUnit.SECONDS);
            }
            assertThat(killed.exitValue()).as(() -> read(log)).isEqualTo(KILLED);
            services.land(1 + random.nextInt(2));
            Process next = services.startProcess(victim, "", log);
            try {
                services.awaitAll();
            } finally {
                next.destroy();
                next.waitFor();
            }

            services.checkEndsAsUndisturbed();
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (java.io.IOException e) {
            return String.valueOf(e);
        }
    }
}
