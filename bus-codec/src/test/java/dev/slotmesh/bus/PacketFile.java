package dev.slotmesh.bus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads the captured packets from the test resources. */
final class PacketFile {
    private PacketFile() {}

    /** A new heap buffer with the bytes of {@code packets/<name>.hex}. */
    static ByteBuffer read(String name) {
        String resource = "/packets/" + name + ".hex";
        try (InputStream file = PacketFile.class.getResourceAsStream(resource)) {
            String text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return ByteBuffer.wrap(HexFormat.of().parseHex(text.replaceAll("\\s", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }
}
