package dev.slotmesh.server.reshard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading CLUSTER NODES. */
final class ClusterMapTest {
    private static final Address ASKED = new Address("10.0.0.9", 7009);
    private static final String A = "a".repeat(40);
    private static final String B = "b".repeat(40);
    private static final String C = "abc".repeat(13) + "d";
    private static final String NODES = A
            + " :7009@17009,,shard-id=1 myself,master - 0 0 3 connected 0-99 200"
            + " [100->-" + B + "] [300-<-" + B + "]\n"
            + B + " 2001:db8::1:7001@17001,host.example master - 0 1 2 connected 100-199 300\n"
            + C + " 10.0.0.3:7002@17002 slave " + A + " 0 1 3 connected\n"
            + "c".repeat(40) + " 10.0.0.4:7003@17003 master,fail? - 1 1 4 disconnected 400\n";

    @Test
    void shouldReadMembersAndSlots() throws Exception {
        ClusterMap map = ClusterMap.parse(NODES, ASKED);

        assertThat(map.members()).hasSize(4);
        assertThat(map.self().id()).isEqualTo(A);
        assertThat(map.self().address()).isEqualTo(ASKED);
        assertThat(SlotRuns.text(map.self().slots())).isEqualTo("0-99,200");
        assertThat(map.self().migrating()).isEqualTo(Map.of(100, B));
        assertThat(map.self().importing()).isEqualTo(Map.of(300, B));
        assertThat(map.owner(150).orElseThrow().id()).isEqualTo(B);
        assertThat(map.owner(500)).isEmpty();
        assertThat(map.primaries()).extracting(Member::id).containsExactlyInAnyOrder(A, B);
        assertThat(map.byId(B).orElseThrow().address()).hasToString("[2001:db8::1]:7001");
    }

    @Test
    void shouldFindWhoIsMeant() throws Exception {
        ClusterMap map = ClusterMap.parse(NODES, ASKED);

        assertThat(map.primary(A).id()).isEqualTo(A);
        assertThat(map.primary("bbbb").id()).isEqualTo(B);
        assertThat(map.primary("10.0.0.9:7009").id()).isEqualTo(A);
        assertThat(map.primary("[2001:db8::1]:7001").id()).isEqualTo(B);
        assertThatThrownBy(() -> map.primary("a")).hasMessageStartingWith("no node is 'a'");
        assertThatThrownBy(() -> map.primary("abca")).hasMessageEndingWith("is a replica");
        assertThatThrownBy(() -> map.primary("cccc")).hasMessageEndingWith("is not healthy");
    }

    @Test
    void shouldCarryOutAPlan() throws Exception {
        ClusterMap map = ClusterMap.parse(NODES, ASKED);
        Plan.Draft draft = new Plan.Draft();
        draft.add(A, B, SlotRuns.parse("0-9"));

        ClusterMap after = map.after(draft.plan());

        assertThat(SlotRuns.text(after.byId(A).orElseThrow().slots())).isEqualTo("10-99,200");
        assertThat(SlotRuns.text(after.byId(B).orElseThrow().slots())).isEqualTo("0-9,100-199,300");
        assertThat(SlotRuns.text(map.self().slots())).isEqualTo("0-99,200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish",
                "zz 10.0.0.1:1@2 myself,master - 0 0 1 connected",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:1@2 master - 0 0 1 connected",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:1@2 myself,master - 0 0 1 connected 16384",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:1@2 myself,master - 0 0 1 connected 9-8",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 10.0.0.1:1@2 myself,master - 0 0 1 connected [1-?-a]"
            })
    void shouldRefuseWhatIsNoReplyOfClusterNodes(String text) {
        assertThatThrownBy(() -> ClusterMap.parse(text, ASKED)).isInstanceOf(ReshardFailure.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "host:", ":7000", "host:0", "host:65536", "host:7000x", "[]:1"})
    void shouldRefuseWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Address.parse(text)).hasMessage("no HOST:PORT: '" + text + "'");
    }
}
