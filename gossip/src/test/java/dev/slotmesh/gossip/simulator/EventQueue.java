package dev.slotmesh.gossip.simulator;

import java.util.Arrays;

/** What is to happen, by time and, at the same time, in the order in which it was asked for: a binary heap over arrays. */
final class EventQueue {
    private long[] times = new long[1024];
    private long[] numbers = new long[1024];
    private Runnable[] actions = new Runnable[1024];
    private int size;
    private long lastNumber;

    boolean isEmpty() {
        return size == 0;
    }

    /** The time of the next event; there must be one. */
    long nextUs() {
        return times[0];
    }

    void add(long atUs, Runnable action) {
        if (size == times.length) {
            times = Arrays.copyOf(times, size * 2);
            numbers = Arrays.copyOf(numbers, size * 2);
            actions = Arrays.copyOf(actions, size * 2);
        }
        long number = lastNumber++;
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (times[parent] <= atUs) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        put(hole, atUs, number, action);
    }

    /** Takes the next event out; there must be one. */
    Runnable take() {
        Runnable first = actions[0];
        size--;
        long time = times[size];
        long number = numbers[size];
        Runnable action = actions[size];
        actions[size] = null;
        if (size > 0) {
            sink(time, number, action);
        }
        return first;
    }

    private void sink(long time, long number, Runnable action) {
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size
                    && isBefore(
                            times[child + 1], numbers[child + 1], times[child], numbers[child])) {
                child++;
            }
            if (!isBefore(times[child], numbers[child], time, number)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        put(hole, time, number, action);
    }

    private static boolean isBefore(long time, long number, long otherTime, long otherNumber) {
        return time < otherTime || (time == otherTime && number < otherNumber);
    }

    private void move(int from, int to) {
        put(to, times[from], numbers[from], actions[from]);
    }

    private void put(int at, long time, long number, Runnable action) {
        times[at] = time;
        numbers[at] = number;
        actions[at] = action;
    }
}
