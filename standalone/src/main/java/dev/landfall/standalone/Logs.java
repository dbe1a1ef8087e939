package dev.landfall.standalone;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Logging of the command line: warnings to standard error; {@code up} and {@code demo} keep the services' whole log in a
 * file. Found by Logback as a service, which is faster than its XML.
 */
public final class Logs extends ContextAwareBase implements Configurator {
    private static final String CONSOLE = "console";
    /** What they log as an error is also an event, and {@code up} shows a line for each. */
    static final Set<String> SHOWN =
            Set.of("dev.landfall.core.DeadLetters", "dev.landfall.core.RunReporter", "dev.landfall.mart.BuildReporter");

    private static final String FILE_PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level [%thread] %logger{24} : %msg%n%ex";
    private static final String CONSOLE_PATTERN = "%d{HH:mm:ss}  %-7level %msg%n%ex{short}";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        // A broker in this JVM says much that means nothing to its user.
        for (String name : new String[] {"kafka", "org.apache.kafka", "state.change.logger"}) {
            context.getLogger(name).setLevel(Level.ERROR);
        }
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setName(CONSOLE);
        console.setTarget("System.err");
        ThresholdFilter warnings = new ThresholdFilter();
        warnings.setLevel(Level.WARN.levelStr);
        warnings.start();
        console.addFilter(warnings);
        start(console, context, CONSOLE_PATTERN);
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on everything that Landfall logs goes to a file too. Spring is told to leave logging alone. */
    static void toFile(Path file) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        FixedWindowRollingPolicy files = new FixedWindowRollingPolicy();
        files.setContext(context);
        files.setParent(appender);
        files.setFileNamePattern(file + ".%i");
        files.setMinIndex(1);
        files.setMaxIndex(3);
        files.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf("10MB"));
        size.start();
        appender.setRollingPolicy(files);
        appender.setTriggeringPolicy(size);
        start(appender, context, FILE_PATTERN);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        root.getAppender(CONSOLE).addFilter(new Shown());
        context.getLogger("dev.landfall").setLevel(Level.INFO);
    }

    /** Keeps from the console what stands there already. */
    private static final class Shown extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return event.getLevel() == Level.ERROR && SHOWN.contains(event.getLoggerName())
                    ? FilterReply.DENY
                    : FilterReply.NEUTRAL;
        }
    }

    private static void start(OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(pattern);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
    }
}
