package dev.landfall.mart;

import org.apache.kafka.common.KafkaException;
import org.springframework.kafka.core.KafkaAdmin;

/** Makes the topics that this service writes, as soon as there is a broker; fine when they are there already. */
final class KafkaPreparation {
    private final KafkaAdmin admin;
    private boolean prepared;

    KafkaPreparation(KafkaAdmin admin) {
        this.admin = admin;
    }

    /** Fails when the broker does not answer. */
    synchronized void check() {
        String cluster;
        try {
            cluster = admin.clusterId();
            prepared = prepared || (cluster != null && admin.initialize());
        } catch (RuntimeException e) {
            throw new KafkaException(unreachable() + ": " + e.getMessage(), e);
        }
        if (cluster == null || !prepared) {
            throw new KafkaException(unreachable());
        }
    }

    private String unreachable() {
        return "no broker answers at "
                + admin.getConfigurationProperties().get("bootstrap.servers")
                + "; start it, or set spring.kafka.bootstrap-servers";
    }
}
