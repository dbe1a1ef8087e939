package dev.landfall.core;

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
import dev.landfall.telemetry.RunLineage;
import dev.landfall.telemetry.RunMetrics;
import dev.landfall.telemetry.RunWatch;
import dev.landfall.telemetry.Traces;
import dev.landfall.template.LiveProject;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.ConsumerFactory;

/** How the parts of this service hang together. */
@Configuration(proxyBeanMethods = false)
class RunnerConfiguration {

    @Bean(destroyMethod = "close")
    Engine engine(CoreRunnerProperties properties) {
        return new Engine(
                new LiveProject(properties.projectOptions()),
                properties.lake().settings(),
                properties.warehouseSettings(),
                properties.runSettings());
    }

    @Bean(destroyMethod = "close")
    HealthChecks healthChecks(CoreRunnerProperties properties, Engine engine, KafkaPreparation kafka) {
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

    @Bean
    ModelBook modelBook() {
        return new ModelBook();
    }

    @Bean(destroyMethod = "close")
    LandedTopic landedTopic(Topics topics, ConsumerFactory<String, byte[]> consumers) {
        return new LandedTopic(topics, consumers);
    }

    @Bean(destroyMethod = "close")
    StatusReporter statusReporter(
            Topics topics, EventPublisher publisher, Engine engine, ModelBook book, HealthChecks health) {
        return new StatusReporter(topics, publisher, engine, book, health);
    }

    @Bean
    RunReporter runReporter(
            Topics topics, EventPublisher publisher, DeadLetters deadLetters, ModelBook book, RunWatch watch) {
        return new RunReporter(topics, publisher, deadLetters, book, watch);
    }

    @Bean(destroyMethod = "close")
    RunWatch runWatch(MeterRegistry registry, Engine engine, CoreRunnerProperties properties) {
        return new RunWatch(
                new RunMetrics(registry, "core"),
                Traces.open("core-runner", properties.telemetry().traceFile()),
                new RunLineage(
                        Lineage.open(System.getenv()),
                        engine.project()::current,
                        engine::warehouse,
                        properties.lake().settings().bucket()));
    }

    @Bean
    LaneMetrics laneMetrics(MeterRegistry registry, StreamLanes lanes) {
        return new LaneMetrics(registry, lanes);
    }

    @Bean
    EngineMetrics engineMetrics(MeterRegistry registry, Engine engine) {
        return new EngineMetrics(registry, engine);
    }

    @Bean
    CoreRunner coreRunner(
            Engine engine,
            LandedTopic topic,
            RunReporter reporter,
            StatusReporter status,
            DeadLetters deadLetters,
            CoreRunnerProperties properties) {
        return new CoreRunner(
                engine,
                topic,
                reporter,
                status,
                deadLetters,
                properties.core().maxBatchBytes().toBytes());
    }

    @Bean
    StreamLanes streamLanes(CoreRunner runner, CoreRunnerProperties properties) {
        CoreRunnerProperties.Core core = properties.core();
        return new StreamLanes(
                core.maxConcurrentRuns(), new Backoff(core.retryFirst(), core.retryLimit()), core.recheck(), runner);
    }

    @Bean
    RequestDesk requestDesk(Topics topics, StreamLanes lanes, ConsumerFactory<String, byte[]> consumers) {
        return new RequestDesk(new Requests(topics, consumers), lanes);
    }

    @Bean
    PartitionLandedListener partitionLandedListener(
            Topics topics,
            StreamLanes lanes,
            RequestDesk requests,
            DeadLetters deadLetters,
            KafkaListenerEndpointRegistry registry,
            CoreRunnerProperties properties) {
        return new PartitionLandedListener(
                topics,
                lanes,
                requests,
                deadLetters,
                registry,
                properties.core().maxWaiting());
    }

    @Bean
    Preparation preparation(
            Engine engine,
            KafkaPreparation kafka,
            HealthChecks health,
            StreamLanes lanes,
            StatusReporter status,
            LaneMetrics metrics,
            PartitionLandedListener listener,
            CoreRunnerProperties properties) {
        return new Preparation(engine, kafka, health, lanes, status, metrics, listener, properties.projectPoll());
    }

    @Bean
    Draining laneDraining(StreamLanes lanes, CoreRunnerProperties properties, Engine engine) {
        return new Draining(lanes::drain, properties.core().drain(), engine::cancel);
    }
}
