package dev.landfall.mart;

import dev.landfall.event.Topics;
import dev.landfall.runner.Backoff;
import dev.landfall.runner.Draining;
import dev.landfall.runner.EventPublisher;
import dev.landfall.runner.KafkaPreparation;
import dev.landfall.runner.LandfallHealth;
import dev.landfall.runner.Requests;
import dev.landfall.service.Engine;
import dev.landfall.service.HealthChecks;
import dev.landfall.telemetry.EngineMetrics;
import dev.landfall.telemetry.Lineage;
import dev.landfall.telemetry.Metric;
import dev.landfall.telemetry.RunLineage;
import dev.landfall.telemetry.RunMetrics;
import dev.landfall.telemetry.RunWatch;
import dev.landfall.telemetry.Traces;
import dev.landfall.template.LiveProject;
import dev.landfall.warehouse.DuckLakeUpkeep;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;

/** How the parts of this service hang together. */
@Configuration(proxyBeanMethods = false)
class RunnerConfiguration {
    /** Longer than any query that reads them. */
    private static final Duration KEEP_FILES = Duration.ofDays(1);

    @Bean(destroyMethod = "close")
    Engine engine(MartRunnerProperties properties) {
        return new Engine(
                new LiveProject(properties.projectOptions()),
                properties.lake().settings(),
                properties.warehouseSettings(),
                properties.runSettings());
    }

    @Bean(destroyMethod = "close")
    HealthChecks healthChecks(MartRunnerProperties properties, Engine engine, KafkaPreparation kafka) {
        Map<String, HealthChecks.Check> checks = new LinkedHashMap<>();
        checks.put("kafka", kafka::check);
        checks.put("lake", engine::checkLake);
        checks.put("warehouse", engine::checkWarehouse);
        checks.put("project", engine::checkProject);
        return new HealthChecks(properties.healthPeriod(), checks);
    }

    @Bean
    LandfallHealth landfallHealthIndicator(HealthChecks health) {
        return new LandfallHealth(health);
    }

    @Bean(destroyMethod = "close")
    StatusReporter statusReporter(Topics topics, EventPublisher publisher, Engine engine, HealthChecks health) {
        return new StatusReporter(topics, publisher, engine, health);
    }

    @Bean
    BuildReporter buildReporter(
            Topics topics, EventPublisher publisher, RunWatch watch, Trails trails, MeterRegistry registry) {
        BuildReporter reporter = new BuildReporter(topics, publisher, watch, trails);
        Metric.MARTS_STALE.gauge(registry, reporter, BuildReporter::stale);
        return reporter;
    }

    @Bean
    Trails trails() {
        return new Trails();
    }

    @Bean(destroyMethod = "close")
    RunWatch runWatch(MeterRegistry registry, Engine engine, MartRunnerProperties properties) {
        return new RunWatch(
                new RunMetrics(registry, "mart"),
                Traces.open("mart-runner", properties.telemetry().traceFile()),
                new RunLineage(
                        Lineage.open(System.getenv()),
                        engine.project()::current,
                        engine::warehouse,
                        properties.lake().settings().bucket()));
    }

    @Bean
    EngineMetrics engineMetrics(MeterRegistry registry, Engine engine) {
        return new EngineMetrics(registry, engine);
    }

    @Bean
    RequestDesk requestDesk(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        return new RequestDesk(new Requests(topics, consumers));
    }

    @Bean
    MartRunner martRunner(
            Engine engine,
            BuildReporter reporter,
            RequestDesk requests,
            Topics topics,
            ConsumerFactory<String, byte[]> consumers,
            MartRunnerProperties properties) {
        MartRunnerProperties.Mart mart = properties.mart();
        DuckLakeUpkeep upkeep = new DuckLakeUpkeep(mart.upkeep(), mart.keepSnapshots(), KEEP_FILES);
        return new MartRunner(engine, reporter, requests, upkeep, new ToldMarts(topics, consumers));
    }

    @Bean
    Waves waves(MartRunner runner, MartRunnerProperties properties) {
        MartRunnerProperties.Mart mart = properties.mart();
        return new Waves(
                new WaveClock(mart.linger(), mart.maxLinger(), mart.maxStaleness()),
                mart.recheck(),
                new Backoff(mart.retryFirst(), mart.retryLimit()),
                runner);
    }

    @Bean
    ModelMaterializedListener modelMaterializedListener(Waves waves, MartRunner runner, Trails trails) {
        return new ModelMaterializedListener(waves, runner, trails);
    }

    @Bean
    Preparation preparation(
            Engine engine,
            KafkaPreparation kafka,
            HealthChecks health,
            StatusReporter status,
            Waves waves,
            RequestDesk requests,
            MartRunnerProperties properties) {
        return new Preparation(engine, kafka, health, status, waves, requests, properties.projectPoll());
    }

    @Bean
    Draining waveDraining(Waves waves, MartRunnerProperties properties, Engine engine) {
        return new Draining(waves::drain, properties.mart().drain(), engine::cancel);
    }
}
