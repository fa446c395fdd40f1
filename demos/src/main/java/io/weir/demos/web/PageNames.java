package io.weir.demos.web;

import java.util.List;
import java.util.Locale;

/** Thinks of a URL for each page. An odd page says in its URL what it is, so that a crawler's report can be read. */
final class PageNames {
    private static final List<String> TOPICS =
            List.of("rivers", "bridges", "mills", "locks", "fish", "boats", "floods", "maps", "people", "news");
    private static final List<String> WORDS = List.of(
            "upper", "lower", "old", "new", "broad", "narrow", "quiet", "rapid", "stone", "timber", "north", "south",
            "spring", "winter", "great", "little");

    private PageNames() {}

    /** The id in it makes it unique. */
    static String target(PageKind kind, int id, boolean someFoldersClosed, Dice dice) {
        String name = dice.pick(WORDS) + "-" + dice.pick(WORDS) + "-" + id;
        if (kind == PageKind.DOWNLOAD) {
            return "/files/" + name + ".pdf";
        }
        if (kind != PageKind.PAGE) {
            return "/" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + "/" + name + ".html";
        }
        if (someFoldersClosed && dice.chance(0.03)) {
            return Robots.OPEN_FOLDER + name + ".html";
        }
        String topic = dice.pick(TOPICS);
        return switch (dice.below(10)) {
            case 0 -> "/" + topic + "/" + dice.between(1990, 2026) + "/" + dice.between(1, 12) + "/" + name + ".html";
            case 1 -> "/" + topic + "/" + name + "/";
            case 2 -> "/" + topic + "/" + name;
            case 3 -> "/" + topic + "/list?page=" + id + "&order=" + dice.pick(WORDS);
            case 4 -> "/" + name + ".htm";
            case 5 -> "/" + topic + "/show.php?name=" + name + "&lang=en";
            default -> "/" + topic + "/" + name + ".html";
        };
    }
}
