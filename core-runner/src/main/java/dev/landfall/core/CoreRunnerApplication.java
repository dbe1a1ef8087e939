package dev.landfall.core;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service's entry point. */
@SpringBootApplication
public class CoreRunnerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(CoreRunnerApplication.class, arguments);
    }
}
