package dev.slotmesh.server.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of this process and machine, from {@code /proc}. A figure that cannot be read is 0. */
final class ProcessFigures {
    private static final long PAGE_BYTES = 4096;
    private static final double TICKS_PER_SECOND = 100;
    private static final long KIBIBYTE = 1024;
    /** Fields of /proc/self/stat after the command name, which ends with a parenthesis: state is the first. */
    private static final int USER_TICKS = 11;

    private static final int SYSTEM_TICKS = 12;

    private ProcessFigures() {}

    /** Memory resident now, bytes. */
    static long residentBytes() {
        String[] pages = read("/proc/self/statm").split(" ");
        return pages.length > 1 ? Long.parseLong(pages[1]) * PAGE_BYTES : 0;
    }

    /** The machine's memory, bytes. */
    static long totalBytes() {
        for (String line : read("/proc/meminfo").split("\n")) {
            if (line.startsWith("MemTotal:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE;
            }
        }
        return 0;
    }

    /** Processor time spent in the kernel and in the program, seconds. */
    record ProcessorTime(double system, double user) {}

    static ProcessorTime processorTime() {
        String stat = read("/proc/self/stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
        if (fields.length <= SYSTEM_TICKS) {
            return new ProcessorTime(0, 0);
        }
        return new ProcessorTime(
                Long.parseLong(fields[SYSTEM_TICKS]) / TICKS_PER_SECOND,
                Long.parseLong(fields[USER_TICKS]) / TICKS_PER_SECOND);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException unreadable) {
            return "";
        }
    }
}
