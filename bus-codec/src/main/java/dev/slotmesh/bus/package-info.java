/**
 * The packets of the Redis Cluster bus as records, their layout, and the named reasons for refusing one. No protocol rule
 * and no Netty live here.
 *
 * <p>The codec alone needs nothing but the JDK:
 *
 * <pre>{@code
 * BusFraming framing = new BusFraming(BusFraming.DEFAULT_MAX_FRAME_BYTES);
 * if (framing.inspect(received, false) instanceof BusFraming.Frame.Complete frame) {
 *     Decoded decoded = BusDecoder.decode(received.slice(received.position(), frame.lengthBytes()));
 *     if (decoded instanceof Decoded.Message valid && valid.message() instanceof BusMessage.Full full) {
 *         System.out.println(full.header().sender() + " claims " + full.header().slots());
 *         ByteBuffer reply = BusEncoder.encode(new BusMessage.AuthAck(full.header()));
 *     } else if (decoded instanceof Decoded.Refused refused) {
 *         System.out.println(refused.reason() + ": " + refused.detail());
 *     }
 * }
 * }</pre>
 *
 * Messages are immutable values, decoder and encoder have no state, and every message that can be made can be sent.
 */
package dev.slotmesh.bus;
