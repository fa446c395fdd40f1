package io.weir.demos;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house, as far as a machine can hold them. */
class HouseRulesTest {
    private static final String CORE = "io.weir.core..";
    private static final String FILES = "io.weir.files..";
    private static final String HTTP = "io.weir.http..";
    private static final String DEMOS = "io.weir.demos..";
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));

    private static JavaClasses house;

    @BeforeAll
    static void read() {
        house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test-classes/"))
                .importPackages("io.weir");
        assertThat(house.contain("io.weir.core.sync.AsyncQueue")).isTrue();
    }

    @Test
    void arrowsBetweenModulesPointOneWay() {
        noClasses()
                .that()
                .resideInAPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FILES, HTTP, DEMOS, "io.netty..", "reactor.netty..")
                .check(house);
        noClasses()
                .that()
                .resideInAPackage(FILES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(HTTP, DEMOS, "reactor.netty..")
                .check(house);
        noClasses()
                .that()
                .resideInAPackage(HTTP)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(DEMOS)
                .check(house);
        slices().matching("io.weir.(**)").should().beFreeOfCycles().check(house);
    }

    @Test
    void coreDependsOnReactorAndJSpecifyOnly() {
        classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        CORE,
                        "java..",
                        "javax.management..",
                        "jdk.jfr..",
                        "reactor..",
                        "org.reactivestreams..",
                        "org.jspecify..",
                        "io.micrometer..")) // optional
                .check(house);
    }

    @Test
    void roomsAreConcepts() {
        noClasses()
                .should()
                .resideInAnyPackage("..internal..", "..impl..", "..util..", "..utils..", "..common..", "..helper..")
                .check(house);
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .check(house);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> unmarked = house.stream()
                .map(JavaClass::getPackage)
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unmarked).isEmpty();
    }

    @Test
    void librariesDoNotPrint() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE, FILES, HTTP)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(house);
    }

    @Test
    void noTransportTypeIsInASignature() {
        Set<String> leaks = house.stream()
                .filter(type -> type.getPackageName().startsWith("io.weir.http"))
                .filter(HouseRulesTest::isExported)
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(method -> Stream.concat(
                                Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
                        .anyMatch(type -> type.getPackageName().startsWith("io.netty")
                                || type.getPackageName().startsWith("reactor.netty")))
                .map(method -> method.getFullName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(leaks).isEmpty();
    }

    /** What users see. A change here is a change of the contract: mean it, and put it into the changelog. */
    @Test
    void theExportedTypesAreThese() throws IOException {
        Set<String> exported = house.stream()
                .filter(type -> !type.getPackageName().startsWith("io.weir.demos"))
                .filter(HouseRulesTest::isExported)
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> agreed = Files.readAllLines(ROOT.resolve("docs/exported-types.txt"));
        assertThat(exported).containsExactlyElementsOf(agreed);
    }

    private static boolean isExported(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(HouseRulesTest::isExported).orElse(true);
    }

    @Test
    void aFileIsAtMost600Lines() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> long600 = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .filter(file -> lines(file) > 600)
                    .toList();
            assertThat(long600).isEmpty();
        }
    }

    @Test
    void testsDoNotSleep() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> sleepers = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/test/"))
                    .filter(file -> !file.endsWith("HarnessTest.java") && !file.endsWith("HouseRulesTest.java"))
                    .filter(file -> text(file).contains("Thread.sleep("))
                    .toList();
            assertThat(sleepers).isEmpty();
        }
    }

    private static long lines(Path file) {
        return text(file).lines().count();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
