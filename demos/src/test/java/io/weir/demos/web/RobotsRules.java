package io.weir.demos.web;

import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** robots.txt of each host, read when it is first needed and understood by crawler-commons. */
final class RobotsRules {
    private final TestWeb web;
    private final SimpleRobotRulesParser parser = new SimpleRobotRulesParser();
    private final Map<URI, BaseRobotRules> byHost = new HashMap<>();

    RobotsRules(TestWeb web) {
        this.web = web;
    }

    boolean allow(URI uri) {
        return byHost.computeIfAbsent(uri.resolve("/robots.txt"), this::read).isAllowed(uri.toString());
    }

    private BaseRobotRules read(URI robots) {
        try {
            RawHttp.Response response = RawHttp.get(web, robots);
            if (!response.header("location").isEmpty()) {
                response = RawHttp.get(web, robots.resolve(response.header("location")));
            }
            return response.status() == 200
                    ? parser.parseContent(robots.toString(), response.body(), "text/plain", List.of("weir"))
                    : parser.failedFetch(response.status());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
