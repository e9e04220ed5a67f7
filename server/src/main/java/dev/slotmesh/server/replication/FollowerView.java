package dev.slotmesh.server.replication;

import dev.slotmesh.server.config.PrimaryAddress;
import dev.slotmesh.server.session.Session;

import java.util.concurrent.TimeUnit;

/**
 * What a replica tells of its link to the primary.
 *
 * @param primary whom it follows
 * @param phase how far the link is; {@link PrimaryLink.Phase#CLOSED} when there is none
 * @param silentMs since the primary was last heard of, -1 when the link is not up
 * @param readOffset of the last byte of the stream that has come
 * @param appliedOffset of the last byte that was applied
 * @param imageLength bytes of the image that is being received, -1 when its length is not known
 * @param imageBytes bytes of it that have come
 * @param imageSilentMs since the last of them came
 * @param downSinceSeconds since the link was lost, -1 when it never was up
 */
public record FollowerView(
        PrimaryAddress primary,
        PrimaryLink.Phase phase,
        long silentMs,
        long readOffset,
        long appliedOffset,
        long imageLength,
        long imageBytes,
        long imageSilentMs,
        long downSinceSeconds) {

    static FollowerView of(
            PrimaryAddress primary, PrimaryLink link, long downSinceMs, long applied) {
        PrimaryLink.Phase phase = link == null ? PrimaryLink.Phase.CLOSED : link.phase();
        boolean up = phase == PrimaryLink.Phase.STREAM;
        Session session = up ? link.session() : null;
        // The stream may be just beginning: its session is made on another thread.
        long waiting = session == null ? 0 : session.state().queryBufferBytes();
        boolean image = link != null
                && (phase == PrimaryLink.Phase.IMAGE || phase == PrimaryLink.Phase.LOADING);
        return new FollowerView(
                primary,
                phase,
                up ? link.silentMs() : -1,
                applied + waiting,
                applied,
                image ? link.imageLength() : -1,
                image ? link.imageBytes() : 0,
                image ? link.silentMs() : -1,
                downSinceMs == 0
                        ? -1
                        : TimeUnit.MILLISECONDS.toSeconds(
                                System.currentTimeMillis() - downSinceMs));
    }

    /** Whether the primary's commands are being applied. */
    public boolean isUp() {
        return phase == PrimaryLink.Phase.STREAM;
    }

    /** Whether an image of the primary's data is being received or loaded. */
    public boolean isSynchronizing() {
        return phase == PrimaryLink.Phase.IMAGE || phase == PrimaryLink.Phase.LOADING;
    }

    /** The state as ROLE words it. */
    public String role() {
        return switch (phase) {
            case CONNECTING -> "connecting";
            case HANDSHAKE -> "handshake";
            case IMAGE, LOADING -> "sync";
            case STREAM -> "connected";
            default -> "connect";
        };
    }
}
