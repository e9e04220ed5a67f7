package dev.slotmesh.gossip.meeting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** States that are one have one fingerprint, and others have not. */
final class FingerprintTest {
    private static final Scenario BOTH = Scenario.bothMeet("SS", Scenario.Faults.any(2));

    /** The search stands on it: a state is reached again by its path. */
    @Test
    void shouldFindTheSameStateAtTheEndOfTheSamePath() {
        for (long seed = 1; seed <= 50; seed++) {
            byte[] path = randomPath(seed);

            long first = Fingerprint.of(Search.replay(BOTH, path));
            long second = Fingerprint.of(Search.replay(BOTH, path));

            assertThat(second).as("seed %d", seed).isEqualTo(first);
        }
    }

    /** Two connections in either order: links have other numbers, and nothing else differs. */
    @Test
    void shouldNotTellOrderOfIndependentChoicesApart() {
        World oneWay = bothAsked();
        oneWay.apply(new Choice(Choice.Kind.CONNECT, 0, 0));
        oneWay.apply(new Choice(Choice.Kind.CONNECT, 1, 0));
        World otherWay = bothAsked();
        otherWay.apply(new Choice(Choice.Kind.CONNECT, 1, 0));
        otherWay.apply(new Choice(Choice.Kind.CONNECT, 0, 0));

        assertThat(Fingerprint.of(otherWay)).isEqualTo(Fingerprint.of(oneWay));
    }

    @Test
    void shouldTellEachChoiceApart() {
        World before = bothAsked();
        before.apply(new Choice(Choice.Kind.CONNECT, 0, 0));
        List<Choice> choices = before.choices();

        long different = choices.stream().map(FingerprintTest::after).distinct().count();

        assertThat(different).isEqualTo(choices.size());
    }

    private static long after(Choice choice) {
        World world = bothAsked();
        world.apply(new Choice(Choice.Kind.CONNECT, 0, 0));
        world.apply(choice);
        return Fingerprint.of(world);
    }

    private static World bothAsked() {
        World world = new World(BOTH);
        world.apply(Choice.of(Choice.Kind.MEET));
        return world;
    }

    private static byte[] randomPath(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        World world = new World(BOTH);
        byte[] path = new byte[25];
        for (int i = 0; i < path.length; i++) {
            List<Choice> choices = world.choices();
            path[i] = (byte) random.nextInt(choices.size());
            world.apply(choices.get(path[i]));
        }
        return path;
    }
}
