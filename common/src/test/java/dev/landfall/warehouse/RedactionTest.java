package dev.landfall.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.landfall.project.Target;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class RedactionTest {
    private static final String PLANTED = "PLANTED-7f3a";

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.landfall");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
        logger.setLevel(Level.TRACE);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    @Test
    void tellsNoSecretWhenItCannotBeMade() {
        assertTellsNothing(target(
                List.of(Map.of("type", "no_such_type", "key_id", "AKIA" + PLANTED, "secret", PLANTED)), List.of()));
    }

    @Test
    void tellsNoSecretThatDuckDbCannotRead() {
        assertTellsNothing(target(List.of(Map.of("type", "s3 (", "secret", PLANTED)), List.of()));
    }

    @Test
    void tellsNoPasswordOfADatabaseThatCannotBeAttached() {
        assertTellsNothing(target(
                List.of(),
                List.of(new Target.Attachment(
                        directory + "/nowhere/password=" + PLANTED, "a", null, null, true, false, Map.of()))));
    }

    @Test
    void takesPasswordsOutOfWhateverNamesThem() {
        Target none = target(List.of(), List.of());

        assertThat(Redaction.of(none, "postgres:host=h password=" + PLANTED + " user=u"))
                .isEqualTo("postgres:host=h password=… user=u");
        assertThat(Redaction.of(none, "postgresql://u:" + PLANTED + "@h/db")).isEqualTo("postgresql://u:…@h/db");
    }

    private void assertTellsNothing(Target target) {
        WarehouseSettings settings = WarehouseSettings.exclusive("test");

        assertThatThrownBy(() -> Warehouse.open(target, directory, settings).close())
                .isInstanceOf(WarehouseException.class)
                .satisfies(failure -> assertThat(everythingOf(failure)).doesNotContain(PLANTED));
        assertThat(logged.list.stream().map(RedactionTest::text).collect(Collectors.joining("\n")))
                .doesNotContain(PLANTED);
        assertThat(logged.list)
                .as("statements are logged, so there is something to leak")
                .isNotEmpty();
    }

    private static String everythingOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static String text(ILoggingEvent event) {
        return event.getFormattedMessage()
                + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }

    private static Target target(List<Map<String, Object>> secrets, List<Target.Attachment> attach) {
        return new Target(
                "test",
                "dev",
                "w.duckdb",
                "w",
                "main",
                1,
                Map.of(),
                Map.of(),
                List.of(),
                List.copyOf(secrets),
                attach,
                false,
                false,
                ".",
                Target.Retries.NONE,
                Map.of());
    }
}
