package io.weir.demos.chat;

/** What is said in a room, as it goes over the wire: who and what, with a tab between them. */
final class Line {
    private static final int LONGEST_NAME = 20;
    private static final int LONGEST_TEXT = 4000;

    private Line() {}

    static String said(String name, String text) {
        return name + "\t" + cut(text, LONGEST_TEXT);
    }

    /** From the room itself, which has no name. */
    static String notice(String text) {
        return said("", text);
    }

    /** A name without anything that a name should not have. */
    static String name(String asGiven) {
        String name = cut(asGiven.replaceAll("\\p{C}", " ").strip(), LONGEST_NAME);
        return name.isEmpty() ? "somebody" : name;
    }

    private static String cut(String text, int length) {
        return text.substring(0, Math.min(text.length(), length));
    }
}
