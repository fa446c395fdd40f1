package io.weir.demos.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text that looks like English and says nothing. It has letters outside ASCII but inside ISO-8859-1, so that a wrong charset
 * shows, and any charset the web uses can carry it.
 */
final class Prose {
    private static final int PARAGRAPHS = 64;
    private static final List<String> SUBJECTS = List.of(
            "The old weir",
            "A miller",
            "The naïve visitor",
            "Every lock keeper",
            "The river",
            "Señora Muñoz",
            "A heron",
            "The café by the bridge",
            "Nobody",
            "The façade of the mill",
            "The engineer",
            "A barge from Köln");
    private static final List<String> VERBS = List.of(
            "holds back",
            "remembers",
            "follows",
            "measures",
            "ignores",
            "opens",
            "describes",
            "crosses",
            "repairs",
            "listens to",
            "paints",
            "waits for");
    private static final List<String> OBJECTS = List.of(
            "the slow water",
            "a row of stones",
            "the spring flood",
            "three small boats",
            "the gate",
            "an earlier map",
            "the sound of the wheel",
            "the path upstream",
            "a crème brûlée",
            "what the stream has brought",
            "the fish ladder",
            "the far bank");
    private static final List<String> ENDINGS = List.of(
            "before noon",
            "in most years",
            "when it rains",
            "without a word",
            "as the records show",
            "for £5 a day",
            "at 12° or less",
            "and goes home",
            "because someone must",
            "until the frost",
            "");

    private final List<String> paragraphs = new ArrayList<>(PARAGRAPHS);

    Prose(long seed) {
        for (int i = 0; i < PARAGRAPHS; i++) {
            paragraphs.add(paragraph(Dice.of(seed, "prose", i)));
        }
    }

    String paragraph(int number) {
        return paragraphs.get(Math.floorMod(number, PARAGRAPHS));
    }

    private static String paragraph(Dice dice) {
        StringBuilder text = new StringBuilder();
        for (int sentences = dice.between(4, 12); sentences > 0; sentences--) {
            text.append(dice.pick(SUBJECTS))
                    .append(' ')
                    .append(dice.pick(VERBS))
                    .append(' ')
                    .append(dice.pick(OBJECTS));
            if (dice.chance(0.3)) {
                text.append(", while ").append(lowerFirst(dice.pick(SUBJECTS))).append(' ');
                text.append(dice.pick(VERBS)).append(' ').append(dice.pick(OBJECTS));
            }
            String ending = dice.pick(ENDINGS);
            text.append(ending.isEmpty() ? "" : " ").append(ending).append(sentences > 1 ? ". " : ".");
        }
        return text.toString();
    }

    private static String lowerFirst(String subject) {
        boolean aName = subject.startsWith("Se");
        return aName ? subject : subject.substring(0, 1).toLowerCase(Locale.ROOT) + subject.substring(1);
    }
}
