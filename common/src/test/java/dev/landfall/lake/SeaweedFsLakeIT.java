package dev.landfall.lake;

import dev.landfall.testing.RequiresImage;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** The store of docker-compose.yml. */
@RequiresImage(SeaweedFsLakeIT.IMAGE)
@Testcontainers(disabledWithoutDocker = true)
class SeaweedFsLakeIT extends ContainerLakeContract {
    static final String IMAGE = "chrislusf/seaweedfs:4.47";
    private static final int PORT = 8333;

    @Container
    private static final GenericContainer<?> SERVER = new GenericContainer<>(IMAGE)
            .withCommand("mini", "-dir=/data")
            .withEnv("AWS_ACCESS_KEY_ID", KEY)
            .withEnv("AWS_SECRET_ACCESS_KEY", SECRET)
            .withExposedPorts(PORT)
            .waitingFor(Wait.forListeningPort());

    @Override
    GenericContainer<?> server() {
        return SERVER;
    }

    @Override
    int port() {
        return PORT;
    }
}
