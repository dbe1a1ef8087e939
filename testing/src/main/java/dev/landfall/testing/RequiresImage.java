package dev.landfall.testing;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Skips a test class, with a message, where Docker is not or cannot have the image: a machine may have the one and no
 * way to the other.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresImage.Condition.class)
public @interface RequiresImage {
    /** The image's name and tag. */
    String value();

    /** Asks the docker command for the image. */
    final class Condition implements ExecutionCondition {
        private static final int PULL_MINUTES = 5;

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RequiresImage.class)
                    .map(required -> evaluate(required.value()))
                    .orElseGet(() -> ConditionEvaluationResult.enabled("no image is required"));
        }

        private static ConditionEvaluationResult evaluate(String image) {
            try {
                if (run("docker", "image", "inspect", image) == null) {
                    return ConditionEvaluationResult.enabled(image + " is here");
                }
                String failure = run("docker", "pull", "-q", image);
                return failure == null
                        ? ConditionEvaluationResult.enabled(image + " was pulled")
                        : ConditionEvaluationResult.disabled(image + " cannot be had: " + failure);
            } catch (IOException e) {
                return ConditionEvaluationResult.disabled("there is no Docker here: " + e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ConditionEvaluationResult.disabled("interrupted");
            }
        }

        /** What went wrong, or null. */
        private static @Nullable String run(String... command) throws IOException, InterruptedException {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            boolean ended = process.waitFor(PULL_MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly();
                return "not within " + PULL_MINUTES + " minutes";
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? null : said.strip();
        }
    }
}
