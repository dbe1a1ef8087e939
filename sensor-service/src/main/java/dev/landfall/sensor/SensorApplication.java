package dev.landfall.sensor;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service's entry point. */
@SpringBootApplication
public class SensorApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(SensorApplication.class, arguments);
    }
}
