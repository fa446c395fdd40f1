package io.weir.demos.crawl;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What {@link TagSkimmer} does with a start tag, told by the tag's name where it stands in the page. */
enum TagKind {
    OTHER(""),
    /** Only its target matters. */
    ANCHOR("a area"),
    /** Its attributes may hold a link, in one of many ways. */
    LINK("audio base body embed frame img input link meta object source track video"),
    /** What follows is text up to its own end tag, whatever it looks like. */
    RAW_TEXT("textarea title xmp noembed noframes"),
    LINK_AND_RAW_TEXT("iframe script"),
    STYLE("style"),
    /** It changes how what follows is read, in ways only a full parser knows. */
    UNKNOWABLE("plaintext select frameset template image"),
    SVG("svg"),
    MATH("math");

    static final long HREF = packed("href");
    static final long SCRIPT = packed("script");

    /** By first letter, so that most tags of a page are told to be of no interest by one look. */
    private static final List<List<TagKind>> KINDS = new ArrayList<>();

    private static final long[][] NAMES = new long[26][0];

    static {
        for (int letter = 0; letter < 26; letter++) {
            KINDS.add(new ArrayList<>());
        }
        for (TagKind kind : values()) {
            for (String name : kind.names.split(" ")) {
                if (name.isEmpty()) {
                    continue;
                }
                int letter = name.charAt(0) - 'a';
                long[] names = Arrays.copyOf(NAMES[letter], NAMES[letter].length + 1);
                names[names.length - 1] = packed(name);
                NAMES[letter] = names;
                KINDS.get(letter).add(kind);
            }
        }
    }

    private final String names;

    TagKind(String names) {
        this.names = names;
    }

    /** Whether what follows is not read as tags. */
    boolean hasText() {
        return this == RAW_TEXT || this == LINK_AND_RAW_TEXT || this == STYLE;
    }

    /** The kind of the tag whose name starts at {@code from} and ends before {@code to}. */
    static TagKind of(byte[] page, int from, int to) {
        int letter = (page[from] | 0x20) - 'a';
        long[] candidates = NAMES[letter];
        if (candidates.length == 0) {
            return OTHER;
        }
        long name = packed(page, from, to);
        for (int i = 0; i < candidates.length; i++) {
            if (candidates[i] == name) {
                return KINDS.get(letter).get(i);
            }
        }
        return OTHER;
    }

    /** A name in lower case as a number, so that no string is made per tag. */
    static long packed(byte[] page, int from, int to) {
        long packed = 0;
        for (int i = from; i < to; i++) {
            packed = packed * 37 + (page[i] | 0x20);
        }
        return packed;
    }

    private static long packed(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return packed(bytes, 0, bytes.length);
    }
}
