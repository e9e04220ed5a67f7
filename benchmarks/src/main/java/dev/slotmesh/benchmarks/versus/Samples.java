package dev.slotmesh.benchmarks.versus;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Repeated figures of one thing.
 *
 * @param median the middle one, of an even number the mean of the two in the middle
 */
record Samples(double least, double median, double most) {

    /** Sums up one figure or more. */
    static Samples of(double... figures) {
        if (figures.length == 0) {
            throw new IllegalArgumentException("no figures");
        }
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int upper = sorted.length / 2;
        int lower = (sorted.length - 1) / 2;
        return new Samples(
                sorted[0], (sorted[lower] + sorted[upper]) / 2, sorted[sorted.length - 1]);
    }

    /** Sums up one figure of each of the results. */
    static <T> Samples of(List<T> results, ToDoubleFunction<T> figure) {
        return of(results.stream().mapToDouble(figure).toArray());
    }
}
