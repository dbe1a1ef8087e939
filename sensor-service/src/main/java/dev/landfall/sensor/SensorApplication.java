package dev.landfall.sensor;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service's entry point. */
@SpringBootApplication
@EnableConfigurationProperties(SensorProperties.class)
public class SensorApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SensorApplication.class, arguments);
    }
}
