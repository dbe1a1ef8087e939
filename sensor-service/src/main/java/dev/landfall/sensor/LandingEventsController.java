package dev.landfall.sensor;

import dev.landfall.sensor.LandingEvents.Touched;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Where stores and Airbyte say that something landed. Whatever is said only makes the sensor look sooner: lost, double,
 * late or forged notifications change nothing but the time.
 */
@RestController
class LandingEventsController {
    private static final int LONGEST = 1 << 20;

    private final Sensors sensors;
    private final @Nullable String secret;

    LandingEventsController(Sensors sensors, SensorProperties properties) {
        this.sensors = sensors;
        this.secret = properties.sensor().webhookSecret();
    }

    /**
     * Looks at the streams that the event's objects belong to; at all of them, when it names none, as Airbyte's does.
     *
     * @param stream {@code source.stream} or {@code source}: only these
     */
    @PostMapping("/landing-events")
    ResponseEntity<Map<String, Object>> landed(
            @RequestBody(required = false) @Nullable String event,
            @RequestParam(required = false) @Nullable String stream,
            @RequestParam(required = false) @Nullable String token,
            @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
        if (!isAllowed(token, authorization)) {
            return answer(HttpStatus.UNAUTHORIZED, Map.of("error", "the secret is missing or wrong"));
        }
        if (event != null && event.length() > LONGEST) {
            return answer(HttpStatus.CONTENT_TOO_LARGE, Map.of("error", "longer than a notification can be"));
        }
        Set<Touched> objects = event == null ? Set.of() : LandingEvents.objects(event);
        int hurried = sensors.hurry(objects, stream).here();
        return answer(HttpStatus.ACCEPTED, Map.of("streams", hurried));
    }

    private boolean isAllowed(@Nullable String token, @Nullable String authorization) {
        if (secret == null || secret.isEmpty()) {
            return true;
        }
        return isSecret(token) || isSecret(authorization == null ? null : authorization.replaceFirst("^Bearer ", ""));
    }

    private boolean isSecret(@Nullable String given) {
        return given != null
                && secret != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    private static ResponseEntity<Map<String, Object>> answer(HttpStatus status, Map<String, Object> body) {
        return ResponseEntity.status(status).body(body);
    }
}
