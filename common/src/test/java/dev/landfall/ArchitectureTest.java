package dev.landfall;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Guards the directions between packages that ARCHITECTURE.md promises. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            // Other modules' classes stand on the path as folders, too, when all are built in one go.
            .withImportOption(location -> location.contains("/common/"))
            .importPackages("dev.landfall");

    @Test
    void knowsNeitherSpringNorKafka() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.apache.kafka..", "kafka..")
                .check(CLASSES);
    }

    @Test
    void hasNoCyclesBetweenPackages() {
        slices().matching("dev.landfall.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void jinjaKnowsNothingElse() {
        refuse("jinja", "lake", "project", "graph", "template", "warehouse", "run", "event");
    }

    @Test
    void lakeKnowsNothingElse() {
        refuse("lake", "jinja", "project", "graph", "template", "warehouse", "run", "event");
    }

    @Test
    void eventNeedsOnlyTheLake() {
        refuse("event", "jinja", "project", "graph", "template", "warehouse", "run");
    }

    @Test
    void theProjectDoesNotKnowWhoReadsIt() {
        refuse("project", "graph", "template", "warehouse", "run");
    }

    @Test
    void graphAndTemplateDoNotKnowTheWarehouse() {
        refuse("graph", "warehouse", "run");
        refuse("template", "warehouse", "run");
    }

    @Test
    void theWarehouseDoesNotKnowWhatRuns() {
        refuse("warehouse", "run");
    }

    @Test
    void nobodyWhoBuildsKnowsTheArtifacts() {
        for (String name :
                new String[] {"jinja", "lake", "event", "project", "graph", "template", "warehouse", "run"}) {
            refuse(name, "artifact");
        }
    }

    @Test
    void nobodyKnowsTheService() {
        for (String name :
                new String[] {"jinja", "lake", "event", "project", "graph", "template", "warehouse", "run"}) {
            refuse(name, "service");
        }
    }

    private static void refuse(String from, String... to) {
        noClasses()
                .that()
                .resideInAPackage("dev.landfall." + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(Arrays.stream(to)
                        .map(name -> "dev.landfall." + name + "..")
                        .toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES);
    }
}
