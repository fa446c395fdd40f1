package io.weir.demos.web;

import java.util.List;

/** URLs that are trouble for whoever makes a file name, or a line of a report, of them. */
final class OddNames {
    static final List<String> ALL = List.of(
            // Each wants to be the file or the folder that another one is.
            "/a",
            "/a/",
            "/a/index.html",
            "/a.html",
            "/a?x=1",
            "/a?x=2",
            "/a%3Fx=1",
            "/index.html",
            "/Case.html",
            "/case.html",
            "/caf%C3%A9.html",
            "/cafe%CC%81.html",
            // Names and characters that some file systems keep for themselves.
            "/con",
            "/aux.html",
            "/nul/page.html",
            "/COM1.txt.html",
            "/trailing-dot.",
            "/folder./page.html",
            "/trailing-space%20",
            "/.hidden",
            "/...",
            "/star*.html",
            "/colon:name.html",
            "/pipe%7Cname.html",
            "/quote%22name.html",
            "/less%3Cthan%3E.html",
            "/back%5Cslash.html",
            // Bytes that end a name, a line, or a terminal's good looks.
            "/nul%00byte.html",
            "/new%0Aline.html",
            "/tab%09.html",
            "/escape%1B%5B31mred.html",
            "/bad%FFutf8.html",
            // The way out of the folder. Dots that are encoded are dots to some readers and names to others, so what
            // the
            // former make of them is a page too.
            "/dots/a/%2e%2e/b.html",
            "/dots/b.html",
            "/%2e%2e/%2e%2e/%2e%2e/outside.html",
            "/outside.html",
            "/..%2F..%2F..%2Foutside-too.html",
            "/..%5C..%5C..%5Coutside.html",
            "/%2Ftmp%2Fabsolute.html",
            "/C%3A/drive.html",
            "/~user/page.html",
            // Ordinary, but not plain letters.
            "/%E6%97%A5%E6%9C%AC%E8%AA%9E.html",
            "/with%20space.html",
            "/plus+sign.html",
            "/semicolon;v=1.html",
            "/100%25.html",
            "/twice%2520encoded.html",
            "/search?q=a%26b&lang=en",
            "/search?q=../../etc/passwd",
            "/search?next=http://elsewhere.weir.test/x?y",
            // Longer than a name (255) and than a path (4096) may be.
            "/" + "long-segment-".repeat(24) + ".html",
            "/long" + "/way-down".repeat(500) + ".html",
            "/deep" + "/d".repeat(80) + "/page.html",
            "/query?" + "word=".repeat(100) + "end");

    private OddNames() {}
}
