package dev.slotmesh.server.reshard;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a tool writes, and asks when somebody is there to answer. For one thread. */
public final class Terminal {
    private final PrintStream out;
    private final PrintStream err;
    /** The next line that is typed, or null at the end; empty when nobody is there. */
    private final Optional<Supplier<String>> typed;

    private int statusLength;

    /** @param typed the next line that is typed, or null at the end; empty when nobody is there */
    Terminal(PrintStream out, PrintStream err, Optional<Supplier<String>> typed) {
        this.out = out;
        this.err = err;
        this.typed = typed;
    }

    /** That of this process. */
    public static Terminal ofProcess() {
        Console console = System.console();
        boolean isThere = console != null && isTerminal(console);
        return new Terminal(
                System.out,
                System.err,
                isThere ? Optional.of(console::readLine) : Optional.empty());
    }

    /** Since Java 22 there is a console without a terminal as well, and a method that tells; before, neither. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException olderJava) {
            return true;
        }
    }

    /** Whether somebody is there. */
    boolean isInteractive() {
        return typed.isPresent();
    }

    /** Writes a line. */
    void line(String text) {
        clearStatus();
        out.println(text);
        out.flush();
    }

    /** Writes a line to the error stream. */
    void error(String text) {
        clearStatus();
        err.println(text);
        err.flush();
    }

    /** Shows a line that the next one takes the place of. */
    void status(String text) {
        String blanks = " ".repeat(Math.max(0, statusLength - text.length()));
        out.print("\r" + text + blanks);
        out.flush();
        statusLength = text.length();
    }

    private void clearStatus() {
        if (statusLength > 0) {
            out.print("\r" + " ".repeat(statusLength) + "\r");
            statusLength = 0;
        }
    }

    /** Asks, and waits for the answer; anything but yes is a no. */
    boolean confirm(String question) {
        out.print(question + " [y/N] ");
        out.flush();
        String answer = typed.orElseThrow().get();
        return answer != null
                && answer.strip().toLowerCase(java.util.Locale.ROOT).matches("y|yes");
    }
}
