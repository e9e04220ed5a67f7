/**
 * RESP2 and RESP3: bytes to requests, replies to bytes, and back. Resumable, limited, without
 * policy; no channels and no commands live here.
 *
 * <p>A server decodes with {@link dev.slotmesh.resp.RequestDecoder} and answers with {@link
 * dev.slotmesh.resp.ReplyEncoder}; a client is the mirror image, {@link
 * dev.slotmesh.resp.RequestEncoder} and {@link dev.slotmesh.resp.ReplyDecoder}. All work on Netty's
 * {@code ByteBuf} and need nothing else:
 *
 * <pre>{@code
 * ByteBuf wire = Unpooled.buffer();
 * new RequestEncoder(wire).request("ECHO", "hello");
 *
 * Request request = new Request();
 * RequestDecoder requests = new RequestDecoder();
 * if (requests.decode(wire, request) == RequestDecoder.Outcome.REQUEST
 *         && request.is(0, "ECHO")) {
 *     new ReplyEncoder(wire, 3).bulk(request.text(1));
 * }
 *
 * ReplyDecoder replies = new ReplyDecoder();
 * if (replies.decode(wire) == ReplyDecoder.Outcome.REPLY) {
 *     System.out.println(replies.reply()); // Bulk[hello]
 * }
 * }</pre>
 *
 * <p>Bytes taken from the wire become text as ISO-8859-1, one character per byte, and text becomes
 * bytes the same way, so nothing is lost or altered in between. The one exception is
 * RequestEncoder, which takes what people type and writes UTF-8.
 *
 * <p>Where the request decoder differs from redis-server 7.0.15, on purpose:
 *
 * <ul>
 *   <li>A zero byte in a line is an ordinary byte; Redis stops looking for the line's end there and
 *       the connection hangs.
 *   <li>An inline line may have exactly 64 KiB; how much more Redis admits depends on how the bytes
 *       were cut in transit.
 *   <li>At most 1,048,576 arguments by default, as documented; Redis 7.0 accepts any count up to
 *       2^31-1.
 *   <li>No argument beyond 2^30 bytes, whatever proto-max-bulk-len says.
 * </ul>
 */
package dev.slotmesh.resp;
