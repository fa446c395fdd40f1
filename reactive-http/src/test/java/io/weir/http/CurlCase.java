package io.weir.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One of curl's test cases: what its server says, what curl is called with, and how that is to end. Bytes are Latin-1. */
record CurlCase(int number, String text) {
    private static final Pattern HEX = Pattern.compile("%hex\\[(.*?)\\]hex%", Pattern.DOTALL);
    private static final Pattern REPEAT = Pattern.compile("%repeat\\[(\\d+) x (.*?)\\]%", Pattern.DOTALL);
    private static final Pattern BASE64 = Pattern.compile("%b64\\[(.*?)\\]b64%", Pattern.DOTALL);
    private static final Pattern CONDITION =
            Pattern.compile("%if (!?)([^\\n]+)\\n(.*?)(?:%else\\n(.*?))?%endif\\n", Pattern.DOTALL);
    private static final Pattern HEADER_LINE = Pattern.compile("(HTTP/(1\\.[01]|2|3) [1-5]|[A-Za-z0-9_-]+: )[^\\r]*");

    static CurlCase read(Path file) throws IOException {
        String name = file.getFileName().toString();
        return new CurlCase(Integer.parseInt(name.substring(4)), Files.readString(file, StandardCharsets.ISO_8859_1));
    }

    /** With the variables filled in; curl's optional features are taken to be there. */
    CurlCase preparedFor(int port) {
        String prepared = text.replace("%HOSTIP", "127.0.0.1")
                .replace("%HTTPPORT", String.valueOf(port))
                .replace("%TESTNUMBER", String.valueOf(number))
                .replace("%VERSION", "7.88.1");
        prepared = CONDITION.matcher(prepared).replaceAll(found -> {
            String kept = found.group(1).isEmpty() ? found.group(3) : found.group(4);
            return Matcher.quoteReplacement(kept == null ? "" : kept);
        });
        prepared = replace(BASE64, prepared, found -> encode(unescape(found.group(1))));
        prepared = replace(HEX, prepared, found -> unescape(found.group(1)));
        prepared =
                replace(REPEAT, prepared, found -> unescape(found.group(2)).repeat(Integer.parseInt(found.group(1))));
        return new CurlCase(number, prepared);
    }

    /** The servers it wants. */
    String servers() {
        String servers = section("server");
        return servers == null ? "" : servers.strip();
    }

    List<String> arguments() {
        String command = section("command");
        List<String> arguments = new ArrayList<>();
        Matcher word =
                Pattern.compile("(?:[^\\s\"']++|\"[^\"]*\"|'[^']*')+").matcher(command == null ? "" : command.strip());
        while (word.find()) {
            arguments.add(word.group().replaceAll("[\"']", ""));
        }
        return arguments;
    }

    /** What the server says to the request for a part, 0 for the first; null where it has nothing to say. */
    @Nullable
    String reply(int part) {
        return section(part == 0 ? "data" : "data" + part);
    }

    /** What curl gives out, or null where that is not told. */
    @Nullable
    String output() {
        String checked = section("datacheck");
        String expected = checked != null ? checked : section("data");
        boolean unchecked =
                expected == null || (checked == null && attributes("data").contains("nocheck"));
        if (unchecked) {
            return null;
        }
        boolean cut = checked != null && attributes("datacheck").contains("nonewline");
        return cut && expected.endsWith("\n") ? expected.substring(0, expected.length() - 1) : expected;
    }

    int errorCode() {
        String code = section("errorcode");
        return code == null ? 0 : Integer.parseInt(code.strip());
    }

    boolean has(String tag) {
        return section(tag) != null;
    }

    private @Nullable String section(String name) {
        Matcher found = Pattern.compile("(?m)^ *<" + name + "(| [^>\\n]*)>[^\\n]*\\n((?s:.*?))^ *</" + name + ">")
                .matcher(text);
        if (!found.find()) {
            return null;
        }
        String attributes = found.group(1);
        String content = found.group(2);
        if (attributes.contains("base64=")) {
            return new String(Base64.getMimeDecoder().decode(content), StandardCharsets.ISO_8859_1);
        }
        if (attributes.contains("hex=")) {
            byte[] bytes = HexFormat.of().parseHex(content.replaceAll("[^0-9A-Fa-f]", ""));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        // The client refuses lines that end with a bare LF, which half of the cases are written with for no reason of
        // their own.
        return name.startsWith("data") ? withHeaderLineEnds(content) : content;
    }

    private String attributes(String name) {
        Matcher found = Pattern.compile("(?m)^ *<" + name + " ([^>\\n]*)>").matcher(text);
        return found.find() ? found.group(1) : "";
    }

    /** CRLF after what looks like a line of a header, and after the empty line that follows one, as curl's own runner does. */
    private static String withHeaderLineEnds(String content) {
        StringBuilder out = new StringBuilder();
        boolean header = false;
        for (String line : content.split("(?<=\n)")) {
            boolean now = HEADER_LINE
                    .matcher(line.stripTrailing().isEmpty() ? "" : line.replace("\n", ""))
                    .matches();
            boolean ends = header && line.equals("\n");
            out.append(now || ends ? line.replace("\n", "\r\n") : line);
            header = now;
        }
        return out.toString();
    }

    private static String replace(Pattern pattern, String text, java.util.function.Function<MatchResult, String> by) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(by.apply(found)));
    }

    private static String unescape(String text) {
        return replace(
                Pattern.compile("%([0-9A-Fa-f]{2})"),
                text,
                found -> String.valueOf((char) Integer.parseInt(found.group(1), 16)));
    }

    private static String encode(String latin1) {
        return Base64.getEncoder().encodeToString(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }
}
