package dev.landfall.standalone;

import dev.landfall.event.DeadLetterStatus;
import dev.landfall.event.EventException;
import dev.landfall.event.EventJson;
import dev.landfall.event.LaneStatus;
import dev.landfall.event.ModelStatus;
import dev.landfall.event.RequestStatus;
import dev.landfall.event.ServiceStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What running services tell of themselves: the newest word of each, by name. */
record StatusTopic(
        Map<String, ServiceStatus> services,
        Map<String, LaneStatus> streams,
        Map<String, ModelStatus> models,
        Map<String, DeadLetterStatus> deadLetters,
        Map<String, RequestStatus> requests) {

    /** Reads the topic to its end; nothing when there is no such topic yet. */
    static StatusTopic read(RunningSystem system) {
        StatusTopic status = new StatusTopic(
                new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new LinkedHashMap<>());
        system.read(system.topics().status(), message -> status.add(message.key(), message.value()));
        return status;
    }

    private void add(String key, String value) {
        try {
            if (key.startsWith("service/")) {
                services.put(key.substring("service/".length()), EventJson.read(ServiceStatus.class, value));
            } else if (key.startsWith("stream/")) {
                streams.put(key.substring("stream/".length()), EventJson.read(LaneStatus.class, value));
            } else if (key.startsWith("model/")) {
                models.put(key.substring("model/".length()), EventJson.read(ModelStatus.class, value));
            } else if (key.startsWith("request/")) {
                requests.put(key.substring("request/".length()), EventJson.read(RequestStatus.class, value));
            } else if (key.startsWith("dead/")) {
                deadLetters.put(key.substring("dead/".length()), EventJson.read(DeadLetterStatus.class, value));
            }
        } catch (EventException e) {
            // Of a newer or older service: nothing that can be shown.
        }
    }

    /** {@code sensor up, core-runner down: no bucket 'landing'}. */
    String servicesInWords() {
        return services.values().stream()
                .map(service -> service.service() + " " + service.state()
                        + (service.problems().isEmpty()
                                ? ""
                                : ": " + String.join("; ", service.problems().values())))
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
