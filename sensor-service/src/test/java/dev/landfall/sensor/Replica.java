package dev.landfall.sensor;

import dev.landfall.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The whole service in this JVM, on a port of its own. */
final class Replica implements AutoCloseable {
    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();

    private Replica(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Replica start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "server.port", "0",
                "landfall.project-poll", "200ms",
                "landfall.health-period", "500ms",
                // Members learn of another one with their next heartbeat.
                "spring.kafka.consumer.properties.heartbeat.interval.ms", "200",
                "landfall.sensor.poll", "500ms",
                "landfall.sensor.quiet-period", "300ms"));
        all.putAll(settings);
        List<String> arguments = new ArrayList<>();
        all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new Replica(SpringApplication.run(SensorApplication.class, arguments.toArray(new String[0])));
    }

    Sensors sensors() {
        return context.getBean(Sensors.class);
    }

    /** How many streams are this replica's; they are looked at. */
    int watched() {
        return sensors().hurry(Set.of(), null).here();
    }

    MeterRegistry metrics() {
        return context.getBean(MeterRegistry.class);
    }

    /** How many partitions of a stream were announced. */
    long landings(String source, String stream) {
        return (long) Metric.LANDINGS.counter(metrics(), source, stream).count();
    }

    HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)).header("Accept", "application/json, text/plain;q=0.5"));
    }

    HttpResponse<String> post(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/plain;q=0.5")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** A project's stream file. */
    static void stream(Path project, String source, String stream, String json) {
        try {
            Path file = project.resolve("streams").resolve(source).resolve(stream + ".json");
            Files.createDirectories(file.getParent());
            Files.writeString(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        Instant limit = Instant.now().plus(Duration.ofMinutes(2));
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("not within two minutes: " + what);
            }
            pause(50);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
