package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slotmesh.resp.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routing asks for; COMMAND GETKEYS has a test of its own beside the real server. */
final class KeyPositionsTest {
    private final KeyPositions keys = new KeyPositions();

    @ParameterizedTest
    @CsvSource({
        "GET k, k",
        "SET k v GET, k",
        "MSET a 1 b 2, a b",
        "DEL a b a, a b a",
        "BLPOP a b 0, a b",
        "EVAL s 2 a b c, a b",
        "EVAL s 0 a, ''",
        "ZUNIONSTORE d 2 a b, d a b",
        "XREAD COUNT 2 STREAMS a b 0 0, a b",
        "SORT k STORE d, k d",
        "MIGRATE h 1 '' 0 100 KEYS a b, a b",
        "GEORADIUS k 1 2 3 km, k",
        "PING, ''",
        "SPUBLISH c m, ''",
        "CLUSTER KEYSLOT k, ''"
    })
    void shouldFindTheKeys(String line, String expected) {
        assertThat(found(line)).isEqualTo(words(expected));
    }

    @Test
    void shouldRouteByTheDestinationThatIsWritten() {
        assertThat(found("GEORADIUS k 1 2 3 km STORE a STORE b")).containsExactly("k", "b");
        assertThat(found("GEORADIUSBYMEMBER k m 3 km STORE a STOREDIST b"))
                .containsExactly("k", "b");
    }

    @Test
    void shouldHaveNoKeysInLinesThatAreWrong() {
        assertThat(found("EVAL s 9 a b")).isEmpty();
        assertThat(found("EVAL s -1 a")).isEmpty();
        assertThat(found("LMPOP 99999999999999999999 a LEFT")).isEmpty();
        assertThat(found("LMPOP 2147483647 a LEFT")).isEmpty();
        assertThat(found("XREAD COUNT 2 a b")).isEmpty();
        assertThat(found("MIGRATE h 1 k 0 100 KEYS a")).isEmpty();
    }

    @Test
    void shouldRouteShardChannelsWhenAsked() {
        Request request = AllCommands.request("SSUBSCRIBE", "a", "b");

        keys.collectRouted(AllCommands.TABLE.find(request), request);

        assertThat(keys.count()).isEqualTo(2);
        assertThat(keys.position(1)).isEqualTo(2);
        assertThat(keys.flags(1) & KeyFlags.NOT_KEY).isNotZero();
    }

    @Test
    void shouldTellWhatHappensToEachKey() {
        found("RENAME a b");

        assertThat(keys.flags(0)).isEqualTo(KeyFlags.RW | KeyFlags.ACCESS | KeyFlags.DELETE);
        assertThat(keys.flags(1)).isEqualTo(KeyFlags.OW | KeyFlags.UPDATE);
        assertThatThrownBy(() -> keys.position(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> keys.flags(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldHoldAsManyKeysAsACommandHas() {
        String[] words = Stream.concat(
                        Stream.of("MGET"), Stream.iterate("k", key -> key).limit(5_000))
                .toArray(String[]::new);
        Request request = AllCommands.request(words);

        assertThat(keys.collect(AllCommands.TABLE.find(request), request)).isEqualTo(5_000);
        assertThat(keys.position(4_999)).isEqualTo(5_000);
    }

    @Test
    void shouldAgreeWithTheShortcutForOneKey() {
        for (String name : AllCommands.names()) {
            CommandSpec command = AllCommands.TABLE.find(name);
            if (command.onlyKey() != 0) {
                List<String> line = new ArrayList<>(List.of(name.split("\\|")));
                while (line.size() < Math.abs(command.arity())) {
                    line.add("k" + line.size());
                }
                Request request = AllCommands.request(line.toArray(String[]::new));

                assertThat(keys.collect(command, request)).as(name).isEqualTo(1);
                assertThat(keys.position(0)).as(name).isEqualTo(command.onlyKey());
            }
        }
        assertThat(AllCommands.TABLE.find("get").onlyKey()).isEqualTo(1);
        assertThat(AllCommands.TABLE.find("set").onlyKey()).isEqualTo(1);
        assertThat(AllCommands.TABLE.find("object|encoding").onlyKey()).isEqualTo(2);
        assertThat(AllCommands.TABLE.find("migrate").onlyKey()).isZero();
        assertThat(AllCommands.TABLE.find("mget").onlyKey()).isZero();
        assertThat(AllCommands.TABLE.find("spublish").onlyKey()).isZero();
    }

    private List<String> found(String line) {
        Request request = AllCommands.request(Stream.of(line.split(" "))
                .map(word -> word.equals("''") ? "" : word)
                .toArray(String[]::new));
        int count = keys.collect(AllCommands.TABLE.find(request), request);
        List<String> found = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            found.add(request.text(keys.position(i)));
        }
        return found;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
