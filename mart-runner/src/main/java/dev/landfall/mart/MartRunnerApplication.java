package dev.landfall.mart;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service's entry point. */
@SpringBootApplication
@EnableConfigurationProperties(MartRunnerProperties.class)
public class MartRunnerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(MartRunnerApplication.class, arguments);
    }
}
