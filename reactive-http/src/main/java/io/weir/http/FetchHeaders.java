package io.weir.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Header lines, in the order they were sent or received. Names are compared without regard to case; a name may occur
 * several times. Immutable.
 */
public final class FetchHeaders {
    private static final FetchHeaders EMPTY = new FetchHeaders(List.of());
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    /** Name, value, name, value, …: there are few, so a walk beats a map. */
    private final List<String> lines;

    private FetchHeaders(List<String> lines) {
        this.lines = lines;
    }

    /**
     * No headers.
     *
     * @return the empty headers
     */
    public static FetchHeaders empty() {
        return EMPTY;
    }

    /** From the wire, where the decoder has checked them; takes the list over. */
    static FetchHeaders received(List<String> lines) {
        return new FetchHeaders(lines);
    }

    /**
     * The first value of a header.
     *
     * @param name the header's name, in any case
     * @return its value, or null where there is none
     */
    public @Nullable String first(String name) {
        for (int i = 0; i < lines.size(); i += 2) {
            if (lines.get(i).equalsIgnoreCase(name)) {
                return lines.get(i + 1);
            }
        }
        return null;
    }

    /**
     * All values of a header.
     *
     * @param name the header's name, in any case
     * @return its values in order; empty where there is none
     */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        forEach((other, value) -> {
            if (other.equalsIgnoreCase(name)) {
                values.add(value);
            }
        });
        return values;
    }

    /**
     * Whether a header occurs.
     *
     * @param name the header's name, in any case
     * @return true where it occurs at least once
     */
    public boolean contains(String name) {
        return first(name) != null;
    }

    /**
     * The number of lines.
     *
     * @return how often {@link #forEach} calls
     */
    public int size() {
        return lines.size() / 2;
    }

    /**
     * Walks the lines in order.
     *
     * @param line called with each name, as it was written, and value
     */
    public void forEach(BiConsumer<? super String, ? super String> line) {
        for (int i = 0; i < lines.size(); i += 2) {
            line.accept(lines.get(i), lines.get(i + 1));
        }
    }

    /**
     * The headers as a map.
     *
     * @return a new map from name, compared without regard to case, to all its values
     */
    public Map<String, List<String>> toMap() {
        Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        forEach((name, value) ->
                map.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
        return map;
    }

    /**
     * These with one more line.
     *
     * @param name the header's name
     * @param value its value
     * @return the headers with this one too
     * @throws FetchRequestException if the line cannot be sent
     */
    public FetchHeaders plus(String name, String value) {
        checkName(name);
        checkValue(name, value);
        List<String> more = new ArrayList<>(lines.size() + 2);
        more.addAll(lines);
        more.add(name);
        more.add(value);
        return new FetchHeaders(List.copyOf(more));
    }

    /** The lines whose name, in lower case, passes. */
    FetchHeaders keep(Predicate<String> names) {
        List<String> kept = new ArrayList<>(lines.size());
        forEach((name, value) -> {
            if (names.test(name.toLowerCase(Locale.ROOT))) {
                kept.add(name);
                kept.add(value);
            }
        });
        return new FetchHeaders(List.copyOf(kept));
    }

    /** Whether the text is a token of RFC 9110: what a method or a header's name must be. */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && TOKEN.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static void checkName(String name) {
        if (!isToken(name)) {
            throw new FetchRequestException("a header's name is empty or has a character that is not allowed in it");
        }
    }

    private static void checkValue(String name, String value) {
        boolean sendable = value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff));
        if (!sendable) {
            throw new FetchRequestException(
                    "the value of header " + name + " has a control character, or one beyond Latin-1");
        }
    }

    /** The names only: values may be credentials. */
    @Override
    public String toString() {
        return toMap().keySet().toString();
    }
}
