package dev.landfall.runner;

import dev.landfall.service.HealthChecks;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Down with the reasons while something that a runner needs is unusable. */
public final class LandfallHealth implements HealthIndicator {
    private final HealthChecks checks;

    public LandfallHealth(HealthChecks checks) {
        this.checks = checks;
    }

    @Override
    public Health health() {
        Map<String, String> problems = checks.problems();
        Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
        problems.forEach(health::withDetail);
        return health.build();
    }
}
