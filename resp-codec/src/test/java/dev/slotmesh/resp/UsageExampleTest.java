package dev.slotmesh.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The example of the package's documentation, compiled and run. */
class UsageExampleTest {
    @Test
    void shouldEchoOverTheWire() {
        // example
        ByteBuf wire = Unpooled.buffer();
        new RequestEncoder(wire).request("ECHO", "hello");

        Request request = new Request();
        RequestDecoder requests = new RequestDecoder();
        if (requests.decode(wire, request) == RequestDecoder.Outcome.REQUEST
                && request.is(0, "ECHO")) {
            new ReplyEncoder(wire, 3).bulk(request.text(1));
        }

        ReplyDecoder replies = new ReplyDecoder();
        if (replies.decode(wire) == ReplyDecoder.Outcome.REPLY) {
            System.out.println(replies.reply()); // Bulk[hello]
        }
        // end of example

        assertThat(replies.reply()).hasToString("Bulk[hello]");
        assertThat(wire.isReadable()).isFalse();
    }

    @Test
    void shouldBeTheExampleThatIsDocumented() throws IOException {
        String documented =
                Files.readAllLines(Path.of("src/main/java/dev/slotmesh/resp/package-info.java"))
                        .stream()
                        .map(line -> line.replaceFirst("^ \\* ?", "").strip())
                        .collect(Collectors.joining("\n"));
        String compiled = Files.readAllLines(
                        Path.of("src/test/java/dev/slotmesh/resp/UsageExampleTest.java"))
                .stream()
                .map(String::strip)
                .dropWhile(line -> !line.equals("// example"))
                .takeWhile(line -> !line.equals("// end of example"))
                .skip(1)
                .collect(Collectors.joining("\n"));

        assertThat(documented).contains(compiled);
    }
}
