package dev.slotmesh.benchmarks.versus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel accounts to a process, from {@code /proc/<pid>}. */
final class ProcessFigures {
    /** USER_HZ, which Linux fixes at 100 on every architecture that a JDK 17 runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int USER_TICKS_FIELD = 11;
    private static final int SYSTEM_TICKS_FIELD = 12;

    private final Path directory;

    ProcessFigures(long pid) {
        this.directory = Path.of("/proc", Long.toString(pid));
    }

    /** User and system time of all threads so far, nanoseconds in steps of 10 ms. */
    long cpuNanos() throws IOException {
        return cpuNanos(Files.readString(directory.resolve("stat")));
    }

    /** @param stat the one line of a {@code stat} file */
    static long cpuNanos(String stat) {
        // The name in parentheses may itself hold blanks and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[USER_TICKS_FIELD])
                        + Long.parseLong(fields[SYSTEM_TICKS_FIELD]))
                * NANOS_PER_TICK;
    }

    /** Resident memory, bytes. */
    long residentBytes() throws IOException {
        return residentBytes(Files.readString(directory.resolve("status")));
    }

    /** @param status the text of a {@code status} file */
    static long residentBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the process has ended"));
    }
}
