package dev.landfall.mart;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The service's entry point. */
@SpringBootApplication
public class MartRunnerApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(MartRunnerApplication.class, arguments);
    }
}
