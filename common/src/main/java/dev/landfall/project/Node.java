package dev.landfall.project;

import java.nio.file.Path;
import java.util.List;

/** Something of the project that is built or checked: a point of the graph. */
public sealed interface Node permits Model, Seed, Snapshot, DataTest, UnitTest, Analysis {

    /** What the files say about it. */
    Definition definition();

    ModelConfig config();

    Dependencies dependencies();

    /** What dbt calls the kind: {@code model}, {@code seed}, {@code snapshot}, {@code test}, {@code unit_test}, {@code analysis}. */
    String resourceType();

    /** {@code model.shop.orders}, as in dbt's manifest. */
    default String uniqueId() {
        return definition().uniqueId();
    }

    default String name() {
        return definition().name();
    }

    default String packageName() {
        return definition().packageName();
    }

    /** Relative to the project's root. */
    default Path file() {
        return definition().file();
    }

    /** Package, folders under the model path and name: what paths of configuration and selection match. */
    default List<String> fqn() {
        return definition().fqn();
    }

    default String description() {
        return definition().description();
    }

    /** A hash of what the user wrote for it. */
    default String checksum() {
        return definition().checksum();
    }

    /** Unique ids of the nodes and sources that it reads, sorted by first use, each once. */
    default List<String> dependsOn() {
        return dependencies().nodes();
    }

    default List<String> tags() {
        return config().tags();
    }
}
