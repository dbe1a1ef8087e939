package dev.landfall.sensor;

import dev.landfall.service.HealthChecks;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down with the reasons while something that this service needs is unusable; says which streams have trouble. */
final class LandfallHealth implements HealthIndicator {
    private final HealthChecks checks;
    private final Sensors sensors;

    LandfallHealth(HealthChecks checks, Sensors sensors) {
        this.checks = checks;
        this.sensors = sensors;
    }

    @Override
    public Health health() {
        Map<String, String> problems = checks.problems();
        Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
        problems.forEach(health::withDetail);
        Map<String, String> troubles = sensors.troubles();
        if (!troubles.isEmpty()) {
            health.withDetail("streams", troubles);
        }
        return health.build();
    }
}
