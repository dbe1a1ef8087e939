package dev.landfall.runner;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** Sees whether there is a broker, and makes the topics that this service needs as soon as there is one. */
public final class KafkaPreparation implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Map<String, Object> settings;
    private final Collection<NewTopic> topics;
    private @Nullable Admin admin;
    private boolean prepared;

    /**
     * Asks nobody yet.
     *
     * @param settings of Kafka's admin client
     * @param topics fine when they are there already
     */
    public KafkaPreparation(Map<String, Object> settings, Collection<NewTopic> topics) {
        this.settings = Map.copyOf(settings);
        this.topics = List.copyOf(topics);
    }

    /** Fails when no broker answers within five seconds. */
    public synchronized void check() throws InterruptedException {
        try {
            if (admin == null) {
                admin = Admin.create(settings);
            }
            get(admin.describeCluster().nodes());
            if (!prepared) {
                makeTopics(admin);
                prepared = true;
            }
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // A client whose connections were lost without a word may stay without a broker for minutes.
            close();
            String reason = e instanceof ExecutionException ? String.valueOf(e.getCause()) : e.toString();
            throw new KafkaException(
                    "no broker answers at " + settings.get("bootstrap.servers")
                            + "; start it, or set spring.kafka.bootstrap-servers (" + reason + ")",
                    e);
        }
    }

    private void makeTopics(Admin broker) throws ExecutionException, InterruptedException, TimeoutException {
        for (KafkaFuture<Void> made : broker.createTopics(topics).values().values()) {
            try {
                get(made);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static <T> void get(KafkaFuture<T> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
