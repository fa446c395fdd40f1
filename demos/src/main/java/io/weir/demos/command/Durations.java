package io.weir.demos.command;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 30}, {@code 30s}, {@code 500ms}, {@code 2m}. */
public final class Durations implements ITypeConverter<Duration> {

    /** For picocli. */
    public Durations() {}

    @Override
    public Duration convert(String text) {
        String value = text.toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
            digits++;
        }
        try {
            long number = Long.parseLong(value.substring(0, digits));
            Duration duration = switch (value.substring(digits)) {
                case "ms" -> Duration.ofMillis(number);
                case "", "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ZERO;
            };
            if (!duration.isZero() && duration.toDays() < 1) {
                return duration;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Told below, like every other text that is no duration.
        }
        throw new TypeConversionException("'" + text + "' is no duration such as 30s, 500ms or 2m");
    }
}
