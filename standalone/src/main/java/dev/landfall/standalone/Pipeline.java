package dev.landfall.standalone;

import dev.landfall.broker.EmbeddedKafka;
import dev.landfall.core.CoreRunnerApplication;
import dev.landfall.event.Topics;
import dev.landfall.lake.Lake;
import dev.landfall.lake.LakeSettings;
import dev.landfall.lake.Lakes;
import dev.landfall.mart.MartRunnerApplication;
import dev.landfall.project.Project;
import dev.landfall.sensor.SensorApplication;
import dev.landfall.template.ProjectOptions;
import dev.landfall.warehouse.Warehouse;
import dev.landfall.warehouse.WarehouseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * A broker and the three services in this JVM, over one project, one lake and one warehouse, which is held open until
 * the end. Everything that it keeps lies in one directory.
 */
final class Pipeline implements AutoCloseable {
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Project project;
    private final Topics topics;
    private final EmbeddedKafka broker;
    private final Warehouse warehouse;

    private Pipeline(
            Path data,
            Project project,
            ProjectOptions options,
            String vars,
            LakeSettings lake,
            Map<String, String> more) {
        this.project = project;
        this.topics = new Topics(options.environment().getOrDefault("LANDFALL_TOPICS_PREFIX", "landfall"));
        try {
            this.broker = keep(EmbeddedKafka.start(data.resolve("kafka"), 0));
            WarehouseSettings exclusive = WarehouseSettings.exclusive("landfall up");
            this.warehouse = keep(Warehouse.open(
                    project.target(),
                    project.directory(),
                    lake.httpfs() ? exclusive.withHttpfs(project.buckets(lake.bucket())) : exclusive));
            Map<String, Object> properties = properties(data, options, vars, lake, broker.bootstrapServers());
            properties.putAll(more);
            keep(service(SensorApplication.class, properties));
            keep(service(CoreRunnerApplication.class, properties));
            keep(service(MartRunnerApplication.class, properties));
            openDoor(lake);
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * Starts everything and returns when it runs.
     *
     * @param data where the broker, and files fetched from the lake, are kept; made when it is not there
     * @param vars those of the options, as YAML
     * @param more properties of the services, {@code landfall.…} and Spring's, over those that are set here
     * @throws IllegalStateException when another process runs on this directory; the message says so
     */
    static Pipeline start(
            Path data,
            Project project,
            ProjectOptions options,
            String vars,
            LakeSettings lake,
            Map<String, String> more) {
        makeDirectories(data);
        checkLake(lake);
        return new Pipeline(data, project, options, vars, lake, more);
    }

    Project project() {
        return project;
    }

    Warehouse warehouse() {
        return warehouse;
    }

    Topics topics() {
        return topics;
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Stops the services, then the broker: what they are doing is finished first. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part did not stop: " + e.getMessage(), e);
            }
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private void openDoor(LakeSettings lake) {
        RunningInstance.file(project).ifPresent(file -> {
            QueryDoor door = keep(QueryDoor.open(warehouse));
            String uri = lake.uri().startsWith("file:") ? lake.uri() : "s3://" + lake.bucket();
            new RunningInstance(
                            ProcessHandle.current().pid(), door.address(), door.token(), broker.bootstrapServers(), uri)
                    .write(file);
            keep(() -> Files.deleteIfExists(file));
        });
    }

    private static Map<String, Object> properties(
            Path data, ProjectOptions options, String vars, LakeSettings lake, String bootstrapServers) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("spring.kafka.bootstrap-servers", bootstrapServers);
        properties.put("landfall.project-dir", options.projectDir().toString());
        if (options.profilesDir() != null) {
            properties.put("landfall.profiles-dir", options.profilesDir().toString());
        }
        if (options.target() != null) {
            properties.put("landfall.target", options.target());
        }
        properties.put("landfall.vars", vars);
        properties.put("landfall.lake.uri", lake.uri());
        properties.put("landfall.lake.bucket", lake.bucket());
        properties.put("landfall.lake.mirror-dir", data.resolve("mirror").toString());
        properties.put("landfall.warehouse.shared", "false");
        return properties;
    }

    /** A service as it is, but for the properties, and without a web server of its own. */
    static ConfigurableApplicationContext service(Class<?> application, Map<String, Object> properties) {
        SpringApplication service = new SpringApplication(application);
        service.setWebApplicationType(WebApplicationType.NONE);
        service.setBannerMode(Banner.Mode.OFF);
        service.setLogStartupInfo(false);
        service.setRegisterShutdownHook(false);
        service.addInitializers(context ->
                context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("landfall", properties)));
        return service.run("--spring.config.location=" + configuration(application));
    }

    /** Every service has a configuration of the same name: each is to read that of its own jar. */
    static URI configuration(Class<?> application) {
        String own = application.getName().replace('.', '/') + ".class";
        String location = String.valueOf(application.getClassLoader().getResource(own));
        return URI.create(location.substring(0, location.length() - own.length()));
    }

    private static void checkLake(LakeSettings settings) {
        if (settings.uri().startsWith("file:")) {
            makeDirectories(Path.of(URI.create(settings.uri())).resolve(settings.bucket()));
        }
        try (Lake lake = Lakes.open(settings)) {
            lake.check(settings.bucket());
        }
    }

    private static void makeDirectories(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory + ": " + e.getMessage(), e);
        }
    }
}
