package dev.landfall.template;

import dev.landfall.project.Definition;
import dev.landfall.project.ModelConfig;
import dev.landfall.project.Relation;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A node whose dependencies are names yet. */
record Parsed(
        Definition definition,
        String kind,
        ModelConfig config,
        Relation relation,
        Draft draft,
        GenericTests.@Nullable Written test,
        @Nullable Path csv) {}
