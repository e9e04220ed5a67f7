package dev.slotmesh.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandDescriptionsTest {
    @Test
    void shouldReadWhatADescriptionSays() {
        CommandDescription command = read("""
                # a remark

                demo|part -3 9.9.9 O(N), N keys
                  flags write fast
                  acl string
                  tips one two
                  key index 2 | range -1 1 0 | RW access
                  key keyword FROM -2 | keynum 0 1 1 | OW update
                    note Sometimes
                  does Shows the form
                  doc deprecated
                  deprecated 9.9.10 something else
                  arg key key #0 multiple
                  arg choice oneof optional since 9.9.9
                    yes pure-token token YES
                    none pure-token token ""
                """).get(0);

        assertThat(command.name()).isEqualTo("demo|part");
        assertThat(command.container()).isEqualTo("demo");
        assertThat(command.arity()).isEqualTo(-3);
        assertThat(command.flags()).isEqualTo(CommandFlags.WRITE | CommandFlags.FAST);
        assertThat(command.aclCategories()).isEqualTo(AclCategories.STRING);
        assertThat(command.tips()).containsExactly("one", "two");
        assertThat(command.keySpecs())
                .containsExactly(
                        new KeySpec(
                                KeyFlags.RW | KeyFlags.ACCESS,
                                null,
                                new KeySpec.Index(2),
                                new KeySpec.Range(-1, 1, 0)),
                        new KeySpec(
                                KeyFlags.OW | KeyFlags.UPDATE,
                                "Sometimes",
                                new KeySpec.Keyword("FROM", -2),
                                new KeySpec.KeyNum(0, 1, 1)));
        assertThat(command.docs().complexity()).isEqualTo("O(N), N keys");
        assertThat(command.docs().read().replacedBy()).isEqualTo("something else");
        assertThat(command.docs().read().arguments()).hasSize(2);
        assertThat(command.docs().read().arguments().get(1).arguments())
                .extracting(ArgumentDoc::token)
                .containsExactly("YES", "");
    }

    @Test
    void shouldReadOnPastACommandWithoutAttributes() {
        List<CommandDescription> commands =
                read("one 1 1.0.0 -\ntwo 1 1.0.0 O(1)\n  does Something");

        assertThat(commands).extracting(CommandDescription::name).containsExactly("one", "two");
        assertThat(commands.get(0).docs().complexity()).isNull();
        assertThat(commands.get(0).docs().read().arguments()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flags writes",
                "acl @string",
                "key index x | range 0 1 0 | RW",
                "key word 1 | range 0 1 0 | RW",
                "key index 1 | list | RW",
                "key index 1 | range 0 1 0 | XX",
                "colour red"
            })
    void shouldNameTheCommandThatIsWronglyDescribed(String line) {
        assertThatThrownBy(() -> read("demo 1 1.0.0 O(1)\n  " + line + "\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("demo");
    }

    @Test
    void shouldSaySomethingAboutEveryCommand() {
        List<CommandDescription> all = CommandDescriptions.readAll();

        assertThat(all).hasSize(366 + AllCommands.ADDITIONS.size());
        assertThat(all.stream()
                        .filter(command -> !command.docs().since().matches("[1-6]\\..*|7\\.0\\..*"))
                        .map(CommandDescription::name))
                .containsExactlyInAnyOrderElementsOf(AllCommands.ADDITIONS);
        assertThat(all).allSatisfy(command -> {
            assertThat(command.docs().read().summary())
                    .as(command.name())
                    .isNotBlank()
                    .doesNotEndWith(".");
            assertThat(command.docs().since()).as(command.name()).matches("\\d+\\.\\d+\\.\\d+");
        });
        assertThat(all).extracting(CommandDescription::name).doesNotHaveDuplicates();
    }

    private static List<CommandDescription> read(String text) {
        List<CommandDescription> found = new ArrayList<>();
        CommandDescriptions.read("demo", text, found);
        return found;
    }
}
