package dev.landfall.lake;

import dev.landfall.testing.RequiresImage;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** The last LocalStack that runs without an account. */
@RequiresImage(LocalStackLakeIT.IMAGE)
@Testcontainers(disabledWithoutDocker = true)
class LocalStackLakeIT extends ContainerLakeContract {
    static final String IMAGE = "localstack/localstack:4.14.0";
    private static final int PORT = 4566;

    @Container
    private static final GenericContainer<?> SERVER = new GenericContainer<>(IMAGE)
            .withEnv("SERVICES", "s3")
            .withExposedPorts(PORT)
            .waitingFor(Wait.forHttp("/_localstack/health").forPort(PORT));

    @Override
    GenericContainer<?> server() {
        return SERVER;
    }

    @Override
    int port() {
        return PORT;
    }
}
