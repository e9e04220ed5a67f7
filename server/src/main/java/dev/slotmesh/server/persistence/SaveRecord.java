package dev.slotmesh.server.persistence;

import java.util.concurrent.TimeUnit;

/** What is known of saves to the snapshot file: when, with what outcome, and what has changed since. Thread safe. */
final class SaveRecord {
    static final long NEVER = -1;

    private long lastSavedMs;
    private long savedChanges;
    private boolean lastSucceeded = true;
    private long lastTriedMs;
    private long lastTookSeconds = NEVER;
    private long startedMs = NEVER;
    private long saves;

    /** @param nowMs milliseconds since 1970: the start counts as a save */
    SaveRecord(long nowMs) {
        lastSavedMs = nowMs;
    }

    synchronized void started(long nowMs) {
        saves++;
        lastTriedMs = nowMs;
        startedMs = nowMs;
    }

    /** What was told to {@link #started} was not to be. */
    synchronized void notStarted() {
        saves--;
        startedMs = NEVER;
    }

    /** A save for which clients wait has begun. */
    synchronized void startedAtOnce() {
        saves++;
    }

    /** @param changes how many there had been since the start of the node at the moment that was saved */
    synchronized void succeeded(long changes, long nowMs) {
        savedChanges = changes;
        lastSavedMs = nowMs;
        lastSucceeded = true;
    }

    synchronized void failed() {
        lastSucceeded = false;
    }

    /** A save in the background is over, however. */
    synchronized void ended(long nowMs) {
        lastTookSeconds = TimeUnit.MILLISECONDS.toSeconds(nowMs - startedMs);
        startedMs = NEVER;
    }

    /** Changes since the last save, given those since the start of the node. */
    synchronized long unsaved(long changes) {
        return Math.max(0, changes - savedChanges);
    }

    synchronized long lastSavedSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(lastSavedMs);
    }

    synchronized long lastSavedMs() {
        return lastSavedMs;
    }

    synchronized boolean lastSucceeded() {
        return lastSucceeded;
    }

    /** When the last save in the background began, 0 before the first. */
    synchronized long lastTriedMs() {
        return lastTriedMs;
    }

    /** Seconds that the last save in the background took, {@link #NEVER} before the first. */
    synchronized long lastTookSeconds() {
        return lastTookSeconds;
    }

    /** Seconds that the present save in the background has taken, {@link #NEVER} when there is none. */
    synchronized long tookSoFarSeconds(long nowMs) {
        return startedMs == NEVER ? NEVER : TimeUnit.MILLISECONDS.toSeconds(nowMs - startedMs);
    }

    synchronized long saves() {
        return saves;
    }
}
