package io.weir.demos.load;

import java.util.List;
import java.util.stream.Collectors;

/** Measurements as one page of HTML that needs nothing else: no script, no font, no network. */
final class LoadPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --back: #fbfbfa; --card: #fff; --ink: #1c2024; --quiet: #687076;
              --rule: #e4e6e8; --measured: #66717b; --corrected: #0b68cb; }
            @media (prefers-color-scheme: dark) { :root { --back: #121416; --card: #1b1e21; --ink: #eceef0; --quiet: #9ba3ab;
              --rule: #33383d; --measured: #98a2ab; --corrected: #6cb2ff; } }
            * { box-sizing: border-box; }
            body { margin: 0 auto; max-width: 44rem; padding: 1rem; background: var(--back); color: var(--ink);
              font: 1rem/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.35rem; line-height: 1.25; margin: .5rem 0 0; }
            h2 { font-size: 1.05rem; margin: 0; }
            p { margin: .25rem 0; color: var(--quiet); overflow-wrap: anywhere; }
            section { background: var(--card); border: 1px solid var(--rule); border-radius: .75rem; padding: 1rem;
              margin: 1rem 0; }
            svg { display: block; width: 100%; height: auto; margin: .75rem 0; }
            svg text { font-size: 10px; fill: var(--quiet); }
            .grid { stroke: var(--rule); }
            polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
            polyline.measured { stroke: var(--measured); stroke-dasharray: 4 3; }
            polyline.corrected { stroke: var(--corrected); }
            table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            th, td { padding: .3rem 0; border-bottom: 1px solid var(--rule); text-align: right; font-weight: normal; }
            th:first-child, td:first-child { text-align: left; }
            th.measured { color: var(--measured); }
            th.corrected { color: var(--corrected); }
            """;

    private LoadPage() {}

    static String of(String url, List<Measurement> measurements) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Load test</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>Load test</h1>
                <p>%s</p>
                %s
                <p>Measured: from when a request was sent. Corrected: from when it was due, so that requests which a stalled \
                server kept from being sent count as slow.</p>
                </body>
                </html>
                """.formatted(
                        STYLE,
                        escaped(url),
                        measurements.stream().map(LoadPage::section).collect(Collectors.joining("\n")));
    }

    private static String section(Measurement all) {
        String rows = LoadTable.PERCENTILES.stream()
                .map(p -> row(LoadTable.name(p), LoadTable.at(p, all.measured()), LoadTable.at(p, all.corrected())))
                .collect(Collectors.joining("\n"));
        String ends = all.ends().entrySet().stream()
                .map(end -> "%s: %,d".formatted(end.getKey(), end.getValue()))
                .collect(Collectors.joining(", "));
        return """
                <section>
                <h2>%s</h2>
                <p>%s (%s)</p>
                %s
                <table>
                <tr><th>within</th><th class="measured">measured</th><th class="corrected">corrected</th></tr>
                %s
                </table>
                </section>""".formatted(
                escaped(all.title()), escaped(LoadTable.summary(all)), escaped(ends), LatencyPlot.of(all), rows);
    }

    private static String row(String name, String measured, String corrected) {
        return "<tr><td>%s</td><td>%s</td><td>%s</td></tr>".formatted(name, measured, corrected);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
