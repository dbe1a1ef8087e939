package dev.landfall.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.landfall.lake.LakeFile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Holds docs/asyncapi.yaml against the records. */
class AsyncApiTest {
    @ParameterizedTest
    @ValueSource(
            classes = {
                LakeFile.class,
                PartitionLanded.class,
                ModelMaterialized.class,
                ModelFailed.class,
                ModelTested.class,
                ModelTested.Verdict.class,
                ColumnChanged.class,
                RunRequested.class,
                LaneStatus.class,
                ModelStatus.class,
                ServiceStatus.class,
                RequestStatus.class,
                DeadLetterStatus.class,
                DeadLetterStatus.LeftOut.class
            })
    void documentsEveryFieldOfTheRecord(Class<?> record) throws IOException {
        Map<?, ?> schema = at(load(), "components", "schemas", record.getSimpleName());

        assertThat(at(schema, "properties").keySet().stream().map(Object::toString))
                .containsExactlyElementsOf(Arrays.stream(record.getRecordComponents())
                        .map(RecordComponent::getName)
                        .toList());
    }

    private static Map<?, ?> load() throws IOException {
        return new Yaml().load(Files.readString(Path.of("../docs/asyncapi.yaml")));
    }

    private static Map<?, ?> at(Map<?, ?> node, String... path) {
        Map<?, ?> found = node;
        for (String name : path) {
            if (!(found.get(name) instanceof Map<?, ?> next)) {
                throw new AssertionError("docs/asyncapi.yaml has no " + String.join("/", path));
            }
            found = next;
        }
        return found;
    }
}
