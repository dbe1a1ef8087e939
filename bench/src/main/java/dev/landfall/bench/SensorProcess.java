package dev.landfall.bench;

import dev.landfall.sensor.SensorApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** sensor-service in a process of its own, with a heap of its own, as the images run it. */
final class SensorProcess implements AutoCloseable {
    private final Process process;
    private final URI metrics;
    private final HttpClient http = HttpClient.newHttpClient();

    private SensorProcess(Process process, int port) {
        this.process = process;
        this.metrics = URI.create("http://127.0.0.1:" + port + "/actuator/prometheus");
    }

    /** @param heap its {@code -Xmx}; when that does not do, the process ends */
    static SensorProcess start(
            String heap,
            Path project,
            String bootstrapServers,
            String topicPrefix,
            URI store,
            Duration poll,
            Duration quiet)
            throws IOException {
        int port = freePort();
        String own = SensorApplication.class.getName().replace('.', '/') + ".class";
        String location =
                String.valueOf(SensorApplication.class.getClassLoader().getResource(own));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Daws.accessKeyId=any",
                "-Daws.secretAccessKey=any",
                "-Daws.region=us-east-1",
                "-cp",
                System.getProperty("java.class.path"),
                SensorApplication.class.getName(),
                // Every service has a configuration of the same name.
                "--spring.config.location=" + location.substring(0, location.length() - own.length()),
                "--server.port=" + port,
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--landfall.topics.prefix=" + topicPrefix,
                "--landfall.project-dir=" + project,
                "--landfall.lake.endpoint=" + store,
                "--landfall.sensor.poll=" + poll.toSeconds() + "s",
                "--landfall.sensor.idle-poll=" + poll.toSeconds() + "s",
                "--landfall.sensor.quiet-period=" + quiet.toSeconds() + "s",
                "--logging.level.dev.landfall=warn"));
        return new SensorProcess(new ProcessBuilder(command).inheritIO().start(), port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The sum of a metric over all series that bear the label; 0 while there is none. */
    double sum(String name, String label) throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("the sensor ended with " + process.exitValue());
        }
        try {
            String text = http.send(
                            HttpRequest.newBuilder(metrics)
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            return text.lines()
                    .filter(line -> line.startsWith(name + "{") && line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .filter(Double::isFinite)
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
