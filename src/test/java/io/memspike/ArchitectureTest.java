package io.memspike;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The order of the house: a package imports only from those before it. */
class ArchitectureTest {
    private static final List<String> ORDER = List.of(
            "linux", "cgroup", "process", "pod", "sampling", "oom", "sizing", "metrics", "web", "demo", "config");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.memspike");

    @Test
    void shouldImportOnlyFromPackagesBefore() {
        for (int i = 0; i < ORDER.size(); i++) {
            String[] behind = Stream.concat(
                            ORDER.subList(i + 1, ORDER.size()).stream().map(ArchitectureTest::tree),
                            Stream.of("io.memspike"))
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(tree(ORDER.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(behind)
                    .allowEmptyShould(true)
                    .check(CLASSES);
        }
    }

    @Test
    void shouldHaveAPlaceInTheOrderForEachPackage() {
        assertThat(CLASSES.getPackage("io.memspike").getSubpackages())
                .extracting(JavaPackage::getRelativeName)
                .isSubsetOf(ORDER);
        assertThat(CLASSES.getPackage("io.memspike").getClasses().stream().filter(JavaClass::isTopLevelClass))
                .extracting(JavaClass::getSimpleName)
                .containsOnly("Main", "package-info");
    }

    @Test
    void shouldHaveNoCycles() {
        slices().matching("io.memspike.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void shouldUseNativeCodeInLinuxAndHttpInWebOnly() {
        onlyIn("linux", "com.sun.jna..");
        onlyIn("web", "io.vertx..", "io.netty..");
        onlyIn("metrics", "io.prometheus..");
    }

    @Test
    void shouldKeepTheDemoApartFromTheCodeThatReadsIt() {
        classes()
                .that()
                .resideInAPackage(tree("demo"))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(tree("demo"), "java..", "org.slf4j..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void shouldBeNullMarkedInEachPackage() {
        for (JavaPackage each : CLASSES.getPackage("io.memspike").getSubpackagesInTree()) {
            if (!each.getClasses().isEmpty()) {
                assertThat(each.isAnnotatedWith(NullMarked.class))
                        .as(each.getName())
                        .isTrue();
            }
        }
    }

    private static void onlyIn(String name, String... packages) {
        noClasses()
                .that()
                .resideOutsideOfPackage(tree(name))
                // Wires them, and is told by a future of Vert.x whether the port could be had.
                .and()
                .doNotBelongToAnyOf(Main.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages)
                .check(CLASSES);
    }

    private static String tree(String name) {
        return "io.memspike." + name + "..";
    }
}
