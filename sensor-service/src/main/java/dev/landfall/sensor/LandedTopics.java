package dev.landfall.sensor;

import dev.landfall.event.PartitionLanded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/** The topics of landings, one for each stream: makes them, asks for their ends, writes to them. */
final class LandedTopics implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Map<String, String> CONFIG = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.RETENTION_MS_CONFIG, "-1",
            TopicConfig.SEGMENT_BYTES_CONFIG, String.valueOf(8 << 20),
            TopicConfig.SEGMENT_MS_CONFIG, "3600000",
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, "3600000",
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(LandingPublisher.RECORD_BYTES_AT_MOST));

    private final Map<String, Object> settings;
    private final short replication;
    private final LandingPublisher publisher;
    private final Set<String> ensured = ConcurrentHashMap.newKeySet();
    private @Nullable Admin admin;

    /** @param connection how the broker is reached: Spring's admin settings */
    LandedTopics(Map<String, Object> connection, short replication, LandingPublisher publisher) {
        this.settings = new HashMap<>(connection);
        this.settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(TIMEOUT.toMillis()));
        this.settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        this.replication = replication;
        this.publisher = publisher;
    }

    /**
     * Makes the topics that are not there.
     *
     * @throws KafkaException when the broker does not answer or refuses
     * @throws IllegalStateException when a topic is there that cannot keep landings
     */
    void ensure(Collection<String> names) {
        List<String> missing =
                names.stream().filter(name -> !ensured.contains(name)).toList();
        if (missing.isEmpty()) {
            return;
        }
        List<NewTopic> topics = missing.stream()
                .map(name -> new NewTopic(
                                name, Optional.of(1), replication == 0 ? Optional.empty() : Optional.of(replication))
                        .configs(CONFIG))
                .toList();
        List<String> present = new ArrayList<>();
        Admin asked = admin();
        asked.createTopics(topics).values().forEach((name, made) -> {
            try {
                get(asked, made);
                ensured.add(name);
            } catch (TopicExistsException e) {
                present.add(name);
            }
        });
        requireCompacted(present);
        ensured.addAll(present);
    }

    private void requireCompacted(Collection<String> names) {
        if (names.isEmpty()) {
            return;
        }
        List<ConfigResource> configs = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Admin asked = admin();
        for (Map.Entry<ConfigResource, Config> topic :
                get(asked, asked.describeConfigs(configs).all()).entrySet()) {
            ConfigEntry policy = topic.getValue().get(TopicConfig.CLEANUP_POLICY_CONFIG);
            if (policy == null || !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
                throw new IllegalStateException("topic " + topic.getKey().name()
                        + " would forget landings: its cleanup.policy is '"
                        + (policy == null ? "" : policy.value()) + "'; set it to compact, or delete the topic");
            }
        }
    }

    /** Where the topics end now, for those who read uncommitted. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest = new LinkedHashMap<>();
        partitions.forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Admin asked = admin();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> end : get(
                        asked,
                        asked.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                                .all())
                .entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }

    void publish(String topic, List<PartitionLanded> landings, ConsumerGroupMetadata member)
            throws NotAnnouncedException {
        publisher.publish(topic, landings, member);
    }

    /** Fails when the broker does not answer. */
    void check() throws InterruptedException {
        try {
            Admin asked = admin();
            get(asked, asked.describeCluster().clusterId());
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        }
    }

    private synchronized Admin admin() {
        Admin open = admin;
        if (open == null) {
            try {
                open = Admin.create(settings);
            } catch (KafkaException e) {
                throw unreachable(e);
            }
            admin = open;
        }
        return open;
    }

    private <T> T get(Admin asked, KafkaFuture<T> answer) {
        try {
            return answer.get(TIMEOUT.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (java.util.concurrent.TimeoutException e) {
            giveUp(asked);
            throw unreachable(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                giveUp(asked);
                throw unreachable(e.getCause());
            }
            if (e.getCause() instanceof KafkaException known) {
                throw known;
            }
            throw new KafkaException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    private KafkaException unreachable(Throwable cause) {
        return new KafkaException(
                "no broker answers at " + settings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG)
                        + "; start it, or set spring.kafka.bootstrap-servers",
                cause);
    }

    /** A client whose connections were lost without a word may stay without a broker for minutes: the next is a new one. */
    private synchronized void giveUp(Admin asked) {
        asked.close(Duration.ZERO);
        if (admin == asked) {
            admin = null;
        }
    }

    @Override
    public synchronized void close() {
        publisher.close();
        if (admin != null) {
            admin.close(Duration.ofSeconds(2));
        }
    }
}
