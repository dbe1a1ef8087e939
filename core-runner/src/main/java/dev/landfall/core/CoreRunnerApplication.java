package dev.landfall.core;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/** The service's entry point. */
@SpringBootApplication
@EnableConfigurationProperties(CoreRunnerProperties.class)
public class CoreRunnerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(CoreRunnerApplication.class, arguments);
    }
}
