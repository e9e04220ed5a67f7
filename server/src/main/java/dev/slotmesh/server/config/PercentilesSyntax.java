package dev.slotmesh.server.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code latency-tracking-info-percentiles}: percentiles 0..100, shown with up to six decimals. */
final class PercentilesSyntax implements Syntax<List<Double>> {
    private static final String NAME = "latency-tracking-info-percentiles";
    private static final int LONGEST = 64;
    private static final int DECIMALS = 6;

    @Override
    public Parsed<List<Double>> parse(List<String> words, List<Double> current) {
        List<Double> percentiles = new ArrayList<>();
        if (words.size() == 1 && words.get(0).isEmpty()) {
            return Parsed.of(List.of());
        }
        for (String word : words) {
            double percentile = number(word);
            if (Double.isNaN(percentile)) {
                return Parsed.refused("Invalid " + NAME + " parameters");
            }
            if (percentile < 0 || percentile > 100) {
                return Parsed.refused(NAME + " parameters should sit between [0.0,100.0]");
            }
            percentiles.add(percentile);
        }
        return Parsed.of(List.copyOf(percentiles));
    }

    @Override
    public String format(List<Double> value) {
        return value.stream().map(PercentilesSyntax::show).collect(Collectors.joining(" "));
    }

    @Override
    public List<ConfigLine> lines(List<Double> value, List<Double> initial) {
        return List.of(
                new ConfigLine(value.isEmpty() ? "\"\"" : format(value), !value.equals(initial)));
    }

    /** NaN when the word is no number; suffixes and hexadecimal forms that Java would take are refused. */
    private static double number(String word) {
        boolean plain = !word.isEmpty()
                && word.length() <= LONGEST
                && word.chars().allMatch(c -> c >= '0' && c <= '9' || "+-.eE".indexOf(c) >= 0);
        try {
            return plain ? Double.parseDouble(word) : Double.NaN;
        } catch (NumberFormatException notANumber) {
            return Double.NaN;
        }
    }

    private static String show(double percentile) {
        BigDecimal rounded = new BigDecimal(percentile).setScale(DECIMALS, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
