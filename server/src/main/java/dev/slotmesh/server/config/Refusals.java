package dev.slotmesh.server.config;

/** Texts that several syntaxes refuse with, as Redis words them. */
final class Refusals {
    static final String WRONG_NUMBER = "wrong number of arguments";

    static final String ONE_OF = "argument(s) must be one of the following: ";

    private Refusals() {}

    static String outside(long least, long most) {
        return "argument must be between " + least + " and " + most + " inclusive";
    }
}
