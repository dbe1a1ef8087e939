package dev.landfall.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.testing.KafkaFixture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.tools.consumer.group.ConsumerGroupCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** A replay by Kafka's own kafka-consumer-groups: the tool's very class, run here. */
class ResetOffsetsIT {
    @RegisterExtension
    static final KafkaFixture kafka = KafkaFixture.embedded();

    @TempDir
    Path directory;

    @Test
    void aStoppedGroupWhoseOffsetsAreResetAppliesAgain() throws Exception {
        try (Workshop shop = new Workshop(kafka, directory)) {
            shop.stream("things");
            shop.land("things", 1, "a.parquet", 1, "one");
            shop.land("things", 2, "a.parquet", 2, "two");
            long third = shop.land("things", 3, "a.parquet", 3, "three");
            ConfigurableApplicationContext first = shop.start();
            Workshop.await(() -> assertThat(committed(shop)).isEqualTo(third + 1));
            shop.query(first, "delete from int_things");
            assertThat(reset(shop, "--to-earliest")).contains("Assignments can only be reset if the group");
            shop.stop(first);

            assertThat(reset(shop, "--to-offset", "1")).contains(topic(shop));
            ConfigurableApplicationContext rewound = shop.start();
            Workshop.await(() -> assertThat(committed(shop)).isEqualTo(third + 1));
            assertThat(ids(shop, rewound)).containsExactly("2", "3");
            shop.query(rewound, "delete from int_things");
            shop.stop(rewound);

            ConfigurableApplicationContext restarted = shop.start();
            long fourth = shop.land("things", 4, "a.parquet", 4, "four");
            Workshop.await(() -> assertThat(committed(shop)).isEqualTo(fourth + 1));
            assertThat(ids(shop, restarted)).as("the ledger knows the others").containsExactly("4");
            shop.stop(restarted);

            kafka.admin()
                    .deleteConsumerGroupOffsets(group(shop), Set.of(new TopicPartition(topic(shop), 0)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
            ConfigurableApplicationContext forgotten = shop.start();
            Workshop.await(() -> assertThat(committed(shop)).isEqualTo(fourth + 1));
            assertThat(ids(shop, forgotten))
                    .as("a group that Kafka forgot, as it does after a week, asks for nothing")
                    .containsExactly("4");
        }
    }

    private static String reset(Workshop shop, String... to) {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--group",
                group(shop),
                "--topic",
                topic(shop),
                "--reset-offsets",
                "--execute"));
        arguments.addAll(List.of(to));
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Exit.setExitProcedure((code, message) -> {
            throw new IllegalStateException("exit " + code + ": " + message);
        });
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            ConsumerGroupCommand.main(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
            Exit.resetExitProcedure();
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static List<String> ids(Workshop shop, ConfigurableApplicationContext service) {
        return shop.query(service, "select id from int_things order by 1");
    }

    private static String group(Workshop shop) {
        return shop.topics().prefix() + "-core-runner";
    }

    private static String topic(Workshop shop) {
        return shop.topics().landed("shop", "things");
    }

    private static long committed(Workshop shop) {
        return kafka.committed(group(shop), topic(shop));
    }
}
