package dev.slotmesh.server.reshard;

import java.util.Iterator;
import java.util.List;

/** The words of a command line, one after the other. */
final class Arguments {
    private final Iterator<String> words;

    Arguments(List<String> words) {
        this.words = words.iterator();
    }

    boolean hasNext() {
        return words.hasNext();
    }

    String next() {
        return words.next();
    }

    /**
     * The word after an option.
     *
     * @throws ReshardFailure of usage, when there is none
     */
    String valueOf(String option) throws ReshardFailure {
        if (!words.hasNext()) {
            throw ReshardFailure.ofUsage(option + " needs a value");
        }
        return words.next();
    }

    /**
     * The whole number after an option.
     *
     * @throws ReshardFailure of usage, when it is not within these bounds
     */
    int numberOf(String option, int least, int most) throws ReshardFailure {
        String text = valueOf(option);
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw ReshardFailure.ofUsage(
                option + " takes a number from " + least + " to " + most + ", not '" + text + "'");
    }

    /**
     * A number that need not be whole.
     *
     * @throws ReshardFailure of usage, when it is not within 0 and the bound
     */
    static double decimal(String option, String text, double most) throws ReshardFailure {
        if (text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            double number = Double.parseDouble(text);
            if (number <= most) {
                return number;
            }
        }
        throw ReshardFailure.ofUsage(
                option + " takes a number from 0 to " + Math.round(most) + ", not '" + text + "'");
    }
}
