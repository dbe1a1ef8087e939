package dev.landfall.runner;

import dev.landfall.event.Topics;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.kafka.config.TopicBuilder;

/**
 * {@code landfall.topics.*}.
 *
 * @param prefix what the names of all topics begin with
 * @param replication copies of each topic that is made here; 0 for what the broker says
 */
@ConfigurationPropertiesSource
public record TopicProperties(
        @DefaultValue("landfall") String prefix,
        @DefaultValue("0") @Min(0) short replication) {

    public Topics names() {
        return new Topics(prefix);
    }

    /** A topic that keeps the last record of each key. */
    public NewTopic compacted(String name) {
        return builder(name).compact().build();
    }

    /** A topic that keeps its records for so long. */
    public NewTopic keptFor(Duration retention, String name) {
        return keptFor(retention.toMillis(), name);
    }

    /** A topic that keeps its records. */
    public NewTopic kept(String name) {
        return keptFor(-1, name);
    }

    private NewTopic keptFor(long millis, String name) {
        return builder(name).config("retention.ms", String.valueOf(millis)).build();
    }

    private TopicBuilder builder(String name) {
        TopicBuilder topic = TopicBuilder.name(name).partitions(1);
        return replication == 0 ? topic : topic.replicas(replication);
    }
}
