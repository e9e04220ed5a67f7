package dev.slotmesh.keyspace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.LockSupport;

/**
 * The locks of the data path.
 *
 * <p><b>What is guarded by what.</b> Everything in a {@link Slot}, in every database, is guarded by the lock of that
 * slot's number. With a lock per slot (cluster mode) there are 16,384 of them; with one shared lock every number maps to
 * the same lock, and each method below works unchanged.
 *
 * <p><b>Order.</b> A thread that needs several locks takes them in ascending slot order; {@link #lockAll(int[], int)}
 * expects its slots so. The world lock is all locks, ascending, so it is one more case of the same order and cannot
 * deadlock with a thread that holds one slot and wants a higher one. A thread that holds a slot must not ask for the
 * world. Below a slot lock come only leaf locks, first the arena's stripes.
 *
 * <p><b>Who may be late.</b> Key counts are read without locks (see {@link Database#keyCount()}) and may lag behind a
 * write in flight. Nothing else is read without its lock.
 *
 * <p><b>Properties.</b> Reentrant, not fair: a waiting thread may be overtaken, which keeps a batch of pipelined commands
 * on one core. Each lock is one object of 32 bytes; a memory effect of unlocking is seen by the next holder.
 */
public final class SlotLocks {
    private static final long LONGEST_GIVING_WAY_NANOS = 1_000_000;
    private static final long GIVING_WAY_STEP_NANOS = 20_000;

    private final SlotLock[] locks;

    /** Locks for all slots: one each, or one shared. */
    public SlotLocks(boolean lockPerSlot) {
        locks = new SlotLock[lockPerSlot ? HashSlot.SLOT_COUNT : 1];
        for (int i = 0; i < locks.length; i++) {
            locks[i] = new SlotLock();
        }
    }

    /** Whether all slots share one lock. */
    public boolean shared() {
        return locks.length == 1;
    }

    /** Waits for the lock of a slot, 0..16383, and takes it. */
    public void lock(int slot) {
        of(slot).lock();
    }

    /** Takes the lock of a slot if it is free now or held by this thread. */
    public boolean tryLock(int slot) {
        return of(slot).tryAcquire(1);
    }

    /**
     * Waits up to {@code timeoutMs} (0 or more) for the lock of a slot.
     *
     * @return whether it was taken; false also when the thread was interrupted while waiting, its interrupt flag then set
     */
    public boolean tryLock(int slot, long timeoutMs) {
        SlotLock lock = of(slot);
        if (lock.tryAcquire(1)) {
            return true;
        }
        try {
            return lock.tryAcquireNanos(1, TimeUnit.MILLISECONDS.toNanos(timeoutMs));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Gives the lock of a slot back.
     *
     * @throws IllegalMonitorStateException when this thread does not hold it
     */
    public void unlock(int slot) {
        of(slot).release(1);
    }

    /**
     * For a thread of the background that takes a slot's lock again and again: waits until who is first in the queue for it, if
     * anybody, has got it, a millisecond at most. The locks are not fair, so without this such a thread could keep all others
     * waiting.
     */
    public void giveWay(int slot) {
        SlotLock lock = of(slot);
        Thread first = lock.getFirstQueuedThread();
        long startNanos = System.nanoTime();
        while (first != null
                && lock.getFirstQueuedThread() == first
                && System.nanoTime() - startNanos < LONGEST_GIVING_WAY_NANOS) {
            LockSupport.parkNanos(GIVING_WAY_STEP_NANOS);
        }
    }

    /** Takes the locks of the first {@code count} slots of {@code ascendingSlots}, which ascend strictly. */
    public void lockAll(int[] ascendingSlots, int count) {
        for (int i = 1; i < count; i++) {
            if (ascendingSlots[i - 1] >= ascendingSlots[i]) {
                throw new IllegalArgumentException("slots must ascend");
            }
        }
        for (int i = 0; i < count; i++) {
            lock(ascendingSlots[i]);
        }
    }

    /** Gives back what {@link #lockAll} took. */
    public void unlockAll(int[] ascendingSlots, int count) {
        for (int i = count - 1; i >= 0; i--) {
            unlock(ascendingSlots[i]);
        }
    }

    /** Takes every lock in ascending order. The caller holds no slot lock, or the whole world already. */
    public void lockWorld() {
        for (SlotLock lock : locks) {
            lock.lock();
        }
    }

    /** Gives every lock back. */
    public void unlockWorld() {
        for (int i = locks.length - 1; i >= 0; i--) {
            locks[i].release(1);
        }
    }

    /** Whether this thread holds the lock of a slot. */
    public boolean isHeld(int slot) {
        return of(slot).isHeldByCurrentThread();
    }

    /**
     * Checks that this thread holds the lock of a slot.
     *
     * @throws IllegalMonitorStateException when it does not: our own mistake
     */
    public void requireHeld(int slot) {
        if (!isHeld(slot)) {
            throw new IllegalMonitorStateException("the lock of slot " + slot + " is not held");
        }
    }

    /**
     * Checks that this thread holds every lock.
     *
     * @throws IllegalMonitorStateException when it does not: our own mistake
     */
    public void requireWorldHeld() {
        for (int i = 0; i < locks.length; i++) {
            requireHeld(i);
        }
    }

    private SlotLock of(int slot) {
        return locks.length == 1 ? locks[0] : locks[slot];
    }

    /** A reentrant lock without a wrapper around its synchroniser: half the memory and one load less. */
    private static final class SlotLock extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;

        void lock() {
            if (compareAndSetState(0, 1)) {
                setExclusiveOwnerThread(Thread.currentThread());
            } else {
                acquire(1);
            }
        }

        boolean isHeldByCurrentThread() {
            return getExclusiveOwnerThread() == Thread.currentThread();
        }

        @Override
        protected boolean tryAcquire(int holds) {
            Thread current = Thread.currentThread();
            if (getExclusiveOwnerThread() == current) {
                setState(Math.addExact(getState(), holds));
                return true;
            }
            if (getState() == 0 && compareAndSetState(0, holds)) {
                setExclusiveOwnerThread(current);
                return true;
            }
            return false;
        }

        @Override
        protected boolean tryRelease(int holds) {
            if (getExclusiveOwnerThread() != Thread.currentThread()) {
                throw new IllegalMonitorStateException("the slot lock is not held by this thread");
            }
            int rest = getState() - holds;
            if (rest == 0) {
                setExclusiveOwnerThread(null);
            }
            setState(rest);
            return rest == 0;
        }

        @Override
        protected boolean isHeldExclusively() {
            return isHeldByCurrentThread();
        }
    }
}
