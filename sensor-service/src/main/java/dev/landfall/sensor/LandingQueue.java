package dev.landfall.sensor;

import dev.landfall.sensor.LandingEvents.Touched;
import dev.landfall.telemetry.Metric;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Takes a bucket's notifications from an SQS queue, as {@code POST /landing-events} does from the web: they make the
 * sensor look sooner, and nothing else. A queue that cannot be read is told of and tried again; polling goes on.
 *
 * <p>Replicas share the queue. Who receives a message of a stream that another one watches puts it back, a few times at
 * most: then the stream's own rhythm will do.
 */
final class LandingQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LandingQueue.class);
    private static final int WAIT_SECONDS = 20;
    private static final int MESSAGES = 10;
    private static final int RECEIVED_AT_MOST = 3;
    private static final Duration RETRY_FIRST = Duration.ofSeconds(1);
    private static final Duration RETRY_LIMIT = Duration.ofSeconds(60);
    private static final Pattern AWS_HOST = Pattern.compile("sqs\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?");

    private final SqsClient client;
    private final String queue;
    private final Sensors sensors;
    private final MeterRegistry metrics;
    private final Thread thread = new Thread(this::run, "landfall-queue");
    private volatile boolean isStopped;
    private String problem = "";

    LandingQueue(SqsClient client, URI queue, Sensors sensors, MeterRegistry metrics) {
        this.client = client;
        this.queue = queue.toString();
        this.sensors = sensors;
        this.metrics = metrics;
        thread.setDaemon(true);
    }

    /**
     * The queue at a URL; a host that is not AWS' is asked itself.
     *
     * @param region where neither the URL nor the AWS SDK says one
     */
    static LandingQueue at(URI queue, @Nullable String region, Sensors sensors, MeterRegistry metrics) {
        SqsClientBuilder builder = SqsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(5))
                        .socketTimeout(Duration.ofSeconds(WAIT_SECONDS + 10L)));
        Matcher host = AWS_HOST.matcher(String.valueOf(queue.getHost()));
        if (host.matches()) {
            builder.region(Region.of(host.group(1)));
        } else {
            builder.region(region(region)).endpointOverride(queue.resolve("/"));
        }
        return new LandingQueue(builder.build(), queue, sensors, metrics);
    }

    private static Region region(@Nullable String configured) {
        if (configured != null) {
            return Region.of(configured);
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkException none) {
            return Region.US_EAST_1;
        }
    }

    void start() {
        thread.start();
    }

    private void run() {
        int failures = 0;
        while (!isStopped) {
            try {
                receive();
                failures = 0;
                tell("");
            } catch (RuntimeException e) {
                if (!isStopped) {
                    tell(e instanceof SdkException ? String.valueOf(e.getMessage()) : "a bug: " + e);
                    pause(RETRY_FIRST.multipliedBy(1L << Math.min(failures++, 10)));
                }
            }
        }
    }

    private void receive() {
        List<Message> messages = client.receiveMessage(request -> request.queueUrl(queue)
                        .waitTimeSeconds(WAIT_SECONDS)
                        .maxNumberOfMessages(MESSAGES)
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
        List<Message> done = new ArrayList<>();
        for (Message message : messages) {
            String outcome = take(message);
            Metric.QUEUE_MESSAGES.counter(metrics, outcome).increment();
            if (!outcome.equals("returned")) {
                done.add(message);
            }
        }
        if (!done.isEmpty()) {
            delete(done);
        }
    }

    /** What became of it, as the metric has it. */
    private String take(Message message) {
        Set<Touched> objects = LandingEvents.objects(message.body());
        if (objects.isEmpty()) {
            return "ignored";
        }
        Sensors.Hurried hurried = sensors.hurry(objects, null);
        if (hurried.elsewhere() > 0 && timesReceived(message) < RECEIVED_AT_MOST) {
            client.changeMessageVisibility(request -> request.queueUrl(queue)
                    .receiptHandle(message.receiptHandle())
                    .visibilityTimeout(0));
            return "returned";
        }
        return hurried.here() > 0 ? "hurried" : "ignored";
    }

    private static int timesReceived(Message message) {
        return Integer.parseInt(
                message.attributes().getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
    }

    private void delete(List<Message> messages) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Message message : messages) {
            entries.add(DeleteMessageBatchRequestEntry.builder()
                    .id(String.valueOf(entries.size()))
                    .receiptHandle(message.receiptHandle())
                    .build());
        }
        // What is not deleted comes again, and does no harm.
        client.deleteMessageBatch(request -> request.queueUrl(queue).entries(entries));
    }

    private void tell(String what) {
        if (!what.equals(problem)) {
            if (what.isEmpty()) {
                log.info("queue {}: well again", queue);
            } else {
                log.error(
                        "queue {} cannot be read: {}; streams are polled all the same. Check landfall.sensor.sqs-queue;"
                                + " the credentials need sqs:ReceiveMessage, sqs:DeleteMessage and"
                                + " sqs:ChangeMessageVisibility",
                        queue,
                        what);
            }
            problem = what;
        }
    }

    private void pause(Duration wanted) {
        try {
            Thread.sleep((wanted.compareTo(RETRY_LIMIT) > 0 ? RETRY_LIMIT : wanted).toMillis());
        } catch (InterruptedException stopped) {
            isStopped = true;
        }
    }

    @Override
    public void close() {
        isStopped = true;
        thread.interrupt();
        client.close();
    }
}
