package dev.slotmesh.gossip.meeting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

/**
 * The handshake, model-checked: all that may happen to messages, connections, timers and processes, to a depth of so many choices
 * and with so many faults on a path. {@code -Dmeet.deeper=n} goes n choices deeper, {@code -Dmeet.faults=n} allows n faults. Each
 * search prints what it covered.
 */
final class MeetSearchTest {
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int DEEPER = Integer.getInteger("meet.deeper", 0);
    private static final int FAULTS = Integer.getInteger("meet.faults", 2);

    @Test
    void shouldMakeTwoNodesMutualMembers() {
        assertHolds(Scenario.oneMeet("SS", Scenario.Faults.any(FAULTS)), 6);
    }

    @Test
    void shouldMakeTwoNodesMutualMembersWhenBothAreToldToMeet() {
        assertHolds(Scenario.bothMeet("SS", Scenario.Faults.any(1)), 5);
    }

    /** A whole handshake and what follows, in every order in which it can happen. */
    @Test
    void shouldMakeTwoNodesMutualMembersInEveryOrder() {
        assertHolds(Scenario.oneMeet("SS", Scenario.Faults.NONE), 10);
    }

    /** The machine sees to it that a stock node lists it as well; a stock node cannot tell a doubled packet, which TCP never makes. */
    @Test
    void shouldMakeStockNodeMutualMember() {
        assertHolds(Scenario.oneMeet("SR", faultsOfTcp(FAULTS)), 6);
    }

    /** Asked for at the stock node: whatever it makes of it, nobody the machine lists fails to list it. */
    @Test
    void shouldBeMutualMemberOfStockNodeThatItLists() {
        assertHolds(Scenario.oneMeet("RS", faultsOfTcp(FAULTS)), 6);
    }

    @Test
    void shouldMakeThreeNodesMutualMembersOfOneThatMeetsTheOthers() {
        assertHolds(Scenario.star("SSS", Scenario.Faults.any(1)), 4);
    }

    @Test
    void shouldMakeThreeNodesMutualMembersAlongChain() {
        assertHolds(Scenario.chain("SSS", Scenario.Faults.any(1)), 5);
    }

    /** Of two members one meets a third node, and the other hears of it. */
    @Test
    void shouldMakeThirdNodeMutualMemberOfOneThatHearsOfIt() {
        assertHolds(Scenario.third("SSS", new Scenario.Faults(1, 0, 0, 1, 0, 1)), 6);
    }

    @Test
    void shouldMakeStockNodeInTheMiddleOfChainMutualMember() {
        assertHolds(Scenario.chain("SRS", faultsOfTcp(1)), 5);
    }

    /** The search can fail: it finds both defects of stock nodes (cluster bus facts, section 4.7), each by a shortest path. */
    @Test
    void shouldFindThatStockNodeForgetsThatItHasToMeet() {
        Scenario scenario =
                Scenario.oneMeet("RR", new Scenario.Faults(1, 0, 0, 1, 0, 0)).asStrict();

        Search.Violation violation = Search.shortestViolation(scenario, 7);

        assertThat(violation).isNotNull();
        assertThat(violation.what()).contains("A lists B and not the reverse");
        assertThat(violation.script()).hasSize(5).element(3).asString().contains("cut: A>B");
        System.out.print(violation);
    }

    @Test
    void shouldFindThatStockNodeDoesNotNoticeThatTheOtherGaveUp() {
        Scenario scenario =
                Scenario.oneMeet("RR", new Scenario.Faults(1, 0, 0, 0, 1, 0)).asStrict();

        Search.Violation violation = Search.shortestViolation(scenario, 7);

        assertThat(violation).isNotNull();
        assertThat(violation.what()).contains("lists", "and not the reverse");
        assertThat(violation.script().toString()).contains("everything is late");
        System.out.print(violation);
    }

    /**
     * What is left: the operator asked a stock node, whose MEET got lost. It lists the machine, which has never heard of it but by
     * PINGs of a stranger, and those count for nothing, or a node could not be forgotten. Another CLUSTER MEET repairs it.
     */
    @Test
    void shouldNotHealOneSidedMembershipThatStockNodeAloneKnowsOf() {
        Scenario scenario =
                Scenario.oneMeet("RS", new Scenario.Faults(1, 0, 0, 1, 0, 0)).asStrict();

        Search.Violation violation = Search.shortestViolation(scenario, 7);

        assertThat(violation).isNotNull();
        assertThat(violation.what()).contains("A lists B and not the reverse");
    }

    private static Scenario.Faults faultsOfTcp(int most) {
        return new Scenario.Faults(most, most, 0, most, most, most);
    }

    private static void assertHolds(Scenario scenario, int depth) {
        Search.Outcome outcome = search(scenario, depth + DEEPER);

        if (outcome.violation() != null) {
            fail(scenario + ": " + Search.shortestViolation(scenario, depth + DEEPER));
        }
    }

    private static Search.Outcome search(Scenario scenario, int depth) {
        long startNanos = CPU.getCurrentThreadCpuTime();
        Search.Outcome outcome = new Search(scenario, depth).run();
        System.out.printf(
                "%s: depth %d, %d states, %d choices, %d paths, %d leaves, %d ends, %.1f s of CPU%n",
                scenario,
                depth,
                outcome.states(),
                outcome.choices(),
                outcome.paths(),
                outcome.leaves(),
                outcome.ends(),
                (CPU.getCurrentThreadCpuTime() - startNanos) / 1e9);
        return outcome;
    }
}
