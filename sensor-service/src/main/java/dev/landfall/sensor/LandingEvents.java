package dev.landfall.sensor;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a notification says about objects, in any of the forms in which stores send it: S3 (also through SNS and SQS),
 * EventBridge, MinIO, SeaweedFS. It is a hint where to look, and never the truth.
 */
final class LandingEvents {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SEAWEEDFS_BUCKETS = "/buckets/";
    private static final int ENVELOPES = 3;

    /** An object that something happened to. */
    record Touched(String bucket, String key) {}

    private LandingEvents() {}

    /** The objects that a notification names; none when it names none, or is no JSON. */
    static Set<Touched> objects(String json) {
        Set<Touched> objects = new LinkedHashSet<>();
        collect(json, ENVELOPES, objects);
        return objects;
    }

    private static void collect(String json, int envelopes, Set<Touched> objects) {
        JsonNode event;
        try {
            event = JSON.readTree(json);
        } catch (JacksonException notJson) {
            return;
        }
        JsonNode records = event.path("Records");
        for (JsonNode each : records) {
            add(
                    each.path("s3").path("bucket").path("name"),
                    each.path("s3").path("object").path("key"),
                    true,
                    objects);
        }
        add(
                event.path("detail").path("bucket").path("name"),
                event.path("detail").path("object").path("key"),
                false,
                objects);
        String path = event.path("key").asString("");
        if (path.startsWith(SEAWEEDFS_BUCKETS)) {
            addPath(path.substring(SEAWEEDFS_BUCKETS.length()), objects);
        } else if (records.isEmpty()) {
            addPath(event.path("Key").asString(""), objects);
        }
        // SNS, and SQS in a webhook, wrap the event into a text.
        for (String envelope : new String[] {"Message", "body"}) {
            if (envelopes > 0 && event.path(envelope).isString()) {
                collect(event.path(envelope).asString(), envelopes - 1, objects);
            }
        }
    }

    private static void add(JsonNode bucket, JsonNode key, boolean isEncoded, Set<Touched> objects) {
        if (bucket.isString() && key.isString()) {
            objects.add(new Touched(bucket.asString(), isEncoded ? decode(key.asString()) : key.asString()));
        }
    }

    private static void addPath(String path, Set<Touched> objects) {
        int slash = path.indexOf('/');
        if (slash > 0) {
            objects.add(new Touched(path.substring(0, slash), path.substring(slash + 1)));
        }
    }

    private static String decode(String key) {
        try {
            return URLDecoder.decode(key, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return key;
        }
    }
}
