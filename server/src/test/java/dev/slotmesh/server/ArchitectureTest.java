package dev.slotmesh.server;

import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.slotmesh.server.config.Directive;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Which module may use what, read from the compiled classes of all modules.
 *
 * <p>Each rule is first aimed at a place that is known to break it, so that a rule which sees nothing cannot pass; a rule that
 * applies to no class at all fails too.
 */
final class ArchitectureTest {
    private static final String GOSSIP = "dev.slotmesh.gossip..";
    private static final String TRANSPORT = "dev.slotmesh.server.transport..";
    private static final String MEMORY = "dev.slotmesh.keyspace.memory..";
    private static final String NOWHERE = "dev.slotmesh.nowhere..";
    private static final String VAGUE_NAME = "(?i).*(Impl|Manager|Helper|Util|Utils)$";

    private static JavaClasses production;

    @BeforeAll
    static void read() {
        production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.slotmesh");
    }

    @Test
    void shouldSeeEveryModule() {
        for (String module : new String[] {"resp", "bus", "gossip", "keyspace", "server"}) {
            assertThat(production.stream()
                            .filter(type -> type.getPackageName().equals("dev.slotmesh." + module)))
                    .as(module)
                    .isNotEmpty();
        }
    }

    /** What is not read anywhere does nothing, and must say so in the log when it is given. */
    @Test
    void shouldMarkExactlyTheDirectivesThatNobodyReads() throws ReflectiveOperationException {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (JavaClass owner : production) {
            for (JavaField field : owner.getFields()) {
                if (!field.getRawType().isEquivalentTo(Directive.class)
                        || !field.getModifiers()
                                .containsAll(Set.of(JavaModifier.STATIC, JavaModifier.PUBLIC))) {
                    continue;
                }
                seen++;
                Directive<?> directive = (Directive<?>) field.reflect().get(null);
                boolean isRead = field.getAccessesToSelf().stream()
                        .anyMatch(access -> !access.getOriginOwner().equals(owner));
                if (isRead == directive.isWithoutMeaning()) {
                    wrong.add(directive.name() + (isRead ? " is read" : " is not read"));
                }
            }
        }
        assertThat(seen).isGreaterThan(150);
        assertThat(wrong).isEmpty();
    }

    @Test
    void shouldKeepGossipFreeOfTheWorld() {
        proveCanFail(usesTheWorld(TRANSPORT));
        usesTheWorld(GOSSIP).check(production);
    }

    @Test
    void shouldKeepGossipFreeOfClocks() {
        proveCanFail(readsAClock("dev.slotmesh.server.session.."));
        readsAClock(GOSSIP).check(production);
    }

    @Test
    void shouldKeepGossipFreeOfLocks() {
        proveCanFail(synchronizes("dev.slotmesh.server.session.."));
        synchronizes(GOSSIP).check(production);
    }

    @Test
    void shouldKeepGossipFreeOfStaticState() {
        ArchRule rule = fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(GOSSIP)
                .and()
                .areStatic()
                .should()
                .beFinal();
        rule.check(production);
    }

    @Test
    void shouldLetGossipKnowTheBusCodecAlone() {
        proveCanFail(onlyUses("dev.slotmesh.server..", "dev.slotmesh.bus..", "java.."));
        onlyUses(GOSSIP, "dev.slotmesh.bus..", "java..").check(production);
    }

    @Test
    void shouldLetBusCodecUseTheJdkAlone() {
        proveCanFail(onlyUses("dev.slotmesh.resp..", "java.."));
        onlyUses("dev.slotmesh.bus..", "java..").check(production);
    }

    @Test
    void shouldLetRespCodecUseNettysBuffersAlone() {
        String[] allowed = {"java..", "io.netty.buffer..", "io.netty.util.."};
        proveCanFail(onlyUses(TRANSPORT, allowed));
        onlyUses("dev.slotmesh.resp..", allowed).check(production);
    }

    @Test
    void shouldLetTheKeyspaceUseOffHeapMemoryAlone() {
        String[] allowed = {"java..", "net.openhft.."};
        proveCanFail(onlyUses("dev.slotmesh.server..", allowed));
        onlyUses("dev.slotmesh.keyspace..", allowed).check(production);
    }

    @Test
    void shouldTouchOffHeapMemoryInOnePackage() {
        proveCanFail(onlyIn(NOWHERE, "net.openhft.."));
        onlyIn(MEMORY, "net.openhft..").check(production);
    }

    @Test
    void shouldKeepAddressesInTheKeyspace() {
        proveCanFail(onlyKnownIn(NOWHERE, "dev.slotmesh.keyspace.memory.NativeMemory"));
        onlyKnownIn("dev.slotmesh.keyspace..", "dev.slotmesh.keyspace.memory.NativeMemory")
                .check(production);
    }

    @Test
    void shouldLayerThePackagesOfTheKeyspace() {
        String[] structures = {"hyperloglog", "list", "stream", "table", "tree"};
        String top = "dev.slotmesh.keyspace";
        proveCanFail(knowsNot("dev.slotmesh.keyspace", "dev.slotmesh.keyspace.memory"));
        knowsNot("dev.slotmesh.keyspace.memory", top, "dev.slotmesh.keyspace.packed")
                .check(production);
        for (String structure : structures) {
            String of = "dev.slotmesh.keyspace." + structure;
            knowsNot("dev.slotmesh.keyspace.memory", of).check(production);
            knowsNot("dev.slotmesh.keyspace.packed", of).check(production);
            knowsNot(of, top, "dev.slotmesh.keyspace.rdb").check(production);
        }
        knowsNot("dev.slotmesh.keyspace.packed", top).check(production);
        knowsNot(top, "dev.slotmesh.keyspace.rdb").check(production);
    }

    @Test
    void shouldTouchChannelsInOnePackage() {
        String[] channels = {"io.netty.channel..", "io.netty.bootstrap.."};
        proveCanFail(onlyIn(NOWHERE, channels));
        onlyIn(TRANSPORT, channels).check(production);
    }

    @Test
    void shouldNameTheRole() {
        ArchRule ofClasses = classes().should().haveNameNotMatching(VAGUE_NAME);
        ArchRule ofFields = fields().should().haveNameNotMatching(VAGUE_NAME);
        ofClasses.check(production);
        ofFields.check(production);
        assertThat("SessionManager").matches(VAGUE_NAME);
        assertThat("pathHelper").matches(VAGUE_NAME);
        assertThat("Session").doesNotMatch(VAGUE_NAME);
        proveCanFail(classes().should().haveNameNotMatching(".*Session$"));
        proveCanFail(fields().should().haveNameNotMatching("session$"));
    }

    private static void proveCanFail(ArchRule rule) {
        assertThat(rule.evaluate(production).hasViolation())
                .as("a rule that must find something: %s", rule.getDescription())
                .isTrue();
    }

    private static ArchRule usesTheWorld(String where) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .dependOnClassesThat(are(DescribedPredicate.<JavaClass>describe(
                                "threads", type -> type.isAssignableTo(Thread.class))
                        .or(DescribedPredicate.describe(
                                "of the world outside",
                                type -> inAny(
                                        type,
                                        "io.netty.",
                                        "java.util.concurrent.",
                                        "java.net.",
                                        "java.nio.file.",
                                        "java.nio.channels.",
                                        "java.io.",
                                        "org.slf4j.")))));
    }

    private static boolean inAny(JavaClass type, String... packages) {
        for (String prefix : packages) {
            if (type.getName().startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    private static ArchRule readsAClock(String where) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("java.time..", "java.util.concurrent..");
    }

    /** Synchronized methods and the monitor's own methods; blocks leave no trace that could be read here. */
    private static ArchRule synchronizes(String where) {
        return methods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(where)
                .should()
                .notHaveModifier(JavaModifier.SYNCHRONIZED);
    }

    private static ArchRule onlyUses(String where, String... allowed) {
        String[] withItself = new String[allowed.length + 1];
        System.arraycopy(allowed, 0, withItself, 0, allowed.length);
        withItself[allowed.length] = where;
        return classes()
                .that()
                .resideInAPackage(where)
                .should()
                .onlyDependOnClassesThat(are(DescribedPredicate.<JavaClass>describe(
                                "primitive", type -> type.getBaseComponentType().isPrimitive())
                        .or(JavaClass.Predicates.resideInAnyPackage(withItself))));
    }

    private static ArchRule knowsNot(String where, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(where)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others);
    }

    private static ArchRule onlyKnownIn(String home, String type) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(type);
    }

    private static ArchRule onlyIn(String home, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }
}
