package dev.landfall.sensor;

import static dev.landfall.sensor.Replica.await;
import static dev.landfall.sensor.Replica.pause;
import static dev.landfall.sensor.Replica.stream;
import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.telemetry.Metric;
import dev.landfall.testing.KafkaFixture;
import dev.landfall.testing.S3Server;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Notifications through a real queue (ElasticMQ), S3's own as every sender wraps them. */
class LandingQueueIT {
    private static final String BUCKET = "landing";

    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    private static S3Server s3;
    private static SQSRestServer server;
    private static SqsClient client;

    @TempDir
    Path project;

    @BeforeAll
    static void startServers() {
        s3 = S3Server.start();
        s3.signIn();
        s3.createBucket(BUCKET);
        server = SQSRestServerBuilder.withInterface("127.0.0.1")
                .withDynamicPort()
                .start();
        client = SqsClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:"
                        + server.waitUntilStarted().localAddress().getPort()))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    @AfterAll
    static void stopServers() {
        client.close();
        // Not waited for: it lets its last long poll run out, for up to 20 s.
        server.stopAndGetFuture().apply();
        s3.close();
    }

    @Test
    void looksAtOnceWhateverTheWrapping() {
        stream(project, "queue", "plain", "{}");
        stream(project, "queue", "bridged", "{}");
        stream(project, "queue", "wrapped", "{}");
        String queue = queue("wrappings");
        try (Replica replica = replica(queue)) {
            await("three streams", () -> replica.watched() == 3);
            pause(2_000);
            for (String stream : List.of("plain", "bridged", "wrapped")) {
                s3.put(BUCKET, key(stream, "a b.parquet"), "aaa");
            }

            send(queue, s3Event("plain"));
            send(queue, s3Event("plain"));
            send(
                    queue,
                    "{\"source\":\"aws.s3\",\"detail-type\":\"Object Created\",\"detail\":{\"bucket\":{\"name\":\""
                            + BUCKET + "\"},\"object\":{\"key\":\"" + key("bridged", "a b.parquet") + "\"}}}");
            send(
                    queue,
                    "{\"Type\":\"Notification\",\"Message\":\""
                            + s3Event("wrapped").replace("\"", "\\\"") + "\"}");

            for (String stream : List.of("plain", "bridged", "wrapped")) {
                kafka.awaitCount("queue.landed.queue." + stream, 1);
            }
            await("an empty queue", () -> messages(queue) == 0);
            assertThat(messages(replica, "hurried")).isEqualTo(4);
            assertThat(kafka.read("queue.landed.queue.plain")).hasSize(1);
        }
    }

    @Test
    void putsUpWithWhatIsNotAboutItsStreams() {
        stream(project, "queue", "plain", "{}");
        String queue = queue("nonsense");
        try (Replica replica = replica(queue)) {
            await("one stream", () -> replica.watched() == 1);

            send(queue, "nonsense");
            send(queue, "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"landing\"}");
            send(queue, s3Event("unknown"));

            await("an empty queue", () -> messages(queue) == 0);
            assertThat(messages(replica, "ignored")).isEqualTo(3);
        }
    }

    @Test
    void pollsOnWhereTheQueueCannotBeReadAndReadsItOnceItCan() {
        stream(project, "queue", "polled", "{\"landfall\":{\"poll\":\"500ms\"}}");
        s3.put(BUCKET, key("polled", "a.parquet"), "aaa");
        String queue = queue("late");
        client.deleteQueue(request -> request.queueUrl(queue));
        try (Replica replica = replica(queue)) {
            kafka.awaitCount("queue.landed.queue.polled", 1);
            s3.put(BUCKET, key("polled", "b.parquet"), "bbb");
            kafka.awaitCount("queue.landed.queue.polled", 2);
            await("well", () -> replica.get("/actuator/health").statusCode() == 200);

            queue("late");
            send(queue, s3Event("polled"));
            await("the message", () -> messages(replica, "hurried") == 1);
        }
    }

    /** Polls so seldom that only a hint can be why it looks. */
    private Replica replica(String queue) {
        return Replica.start(new HashMap<>(Map.of(
                "spring.kafka.bootstrap-servers",
                kafka.bootstrapServers(),
                "landfall.topics.prefix",
                "queue",
                "landfall.project-dir",
                project.toString(),
                "landfall.lake.endpoint",
                s3.endpoint().toString(),
                "landfall.sensor.poll",
                "1h",
                "landfall.sensor.sqs-queue",
                queue)));
    }

    private static String queue(String name) {
        return client.createQueue(request -> request.queueName(name)).queueUrl();
    }

    private static void send(String queue, String body) {
        client.sendMessage(request -> request.queueUrl(queue).messageBody(body));
    }

    /** Those that wait and those that somebody has received. */
    private static int messages(String queue) {
        return client
                .getQueueAttributes(request -> request.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .entrySet()
                .stream()
                .filter(attribute -> attribute.getKey().name().startsWith("APPROXIMATE_NUMBER_OF_MESSAGES"))
                .mapToInt(attribute -> Integer.parseInt(attribute.getValue()))
                .sum();
    }

    private static double messages(Replica replica, String outcome) {
        return Metric.QUEUE_MESSAGES.counter(replica.metrics(), outcome).count();
    }

    private static String key(String stream, String name) {
        return "raw/queue/" + stream + "/year=2026/" + name;
    }

    private static String s3Event(String stream) {
        return "{\"Records\":[{\"eventSource\":\"aws:s3\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\""
                + BUCKET + "\"},\"object\":{\"key\":\"raw/queue/" + stream + "/year%3D2026/a+b.parquet\"}}}]}";
    }
}
