package io.weir.demos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weir.demos.web.BreadthFirst.Found;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the truth says is what a crawler finds that knows nothing but the start page. */
class TruthTest {
    @Test
    void aCrawlOfTheWholeDefaultWebFindsExactlyTheTruth() throws IOException {
        try (TestWeb web = Webs.start(Webs.quick())) {
            Truth truth = compareWithACrawl(web);
            assertThat(truth.pages()).hasSize(5_000);
            assertThat(web.homes()).hasSize(200).first().isEqualTo(web.startUri());
        }
    }

    @ParameterizedTest
    @EnumSource(Addressing.class)
    void aCrawlOfASmallWebFindsExactlyTheTruthHoweverHostsAreAddressed(Addressing addressing) throws IOException {
        assumeThat(addressing == Addressing.VIRTUAL_HOSTS || addressing == Addressing.ofThisMachine())
                .isTrue();
        try (TestWeb web = Webs.start(Webs.quick().hosts(7).pages(600).seed(42).addressing(addressing))) {
            compareWithACrawl(web);
        }
    }

    @Test
    void aWebOfOnePageIsAWeb() throws IOException {
        try (TestWeb web = Webs.start(Webs.quick().hosts(1).pages(1).closedHost(false))) {
            assertThat(compareWithACrawl(web).pages()).containsOnlyKeys(web.startUri());
        }
    }

    private static Truth compareWithACrawl(TestWeb web) throws IOException {
        BreadthFirst crawl = new BreadthFirst(web).crawl();
        Truth truth = web.truth();

        assertThat(difference(crawl.found.keySet(), truth.pages().keySet()))
                .as("found, but unknown to the truth")
                .isEmpty();
        assertThat(difference(truth.pages().keySet(), crawl.found.keySet()))
                .as("not found")
                .isEmpty();
        List<String> differences = new ArrayList<>();
        truth.pages().forEach((uri, page) -> {
            Found expected = new Found(page.status(), page.finalUri(), page.bytes(), page.html());
            Found found = crawl.found.get(uri);
            Set<URI> foundOn = crawl.foundOn.getOrDefault(uri, Set.of());
            if (!expected.equals(found) || !page.foundOn().equals(foundOn)) {
                differences.add(page + "\n    but found " + found + "\n    on " + foundOn);
            }
        });
        assertThat(differences).isEmpty();
        assertThat(crawl.disallowed).isEqualTo(truth.disallowed());
        assertThat(truth.brokenLinks()).containsExactlyInAnyOrderElementsOf(brokenLinks(crawl));

        Served served = web.served();
        assertThat(served.unplanned()).isEmpty();
        assertThat(served.requestsTo(truth.disallowed())).isZero();
        assertThat(served.requestsTo(truth.unreachable())).isZero();
        assertThat(served.maxInFlight()).isOne();
        assertThat(served.inFlight()).isZero();
        assertThat(truth.behindRedirects()).allMatch(uri -> served.of(uri).requests() > 0);
        return truth;
    }

    private static Set<BrokenLink> brokenLinks(BreadthFirst crawl) {
        Set<BrokenLink> broken = new LinkedHashSet<>();
        for (Map.Entry<URI, Found> page : crawl.found.entrySet()) {
            if (page.getValue().status() >= 300) {
                crawl.foundOn
                        .getOrDefault(page.getKey(), Set.of())
                        .forEach(on -> broken.add(new BrokenLink(on, page.getKey())));
            }
        }
        return broken;
    }

    private static Set<URI> difference(Set<URI> these, Set<URI> butNotThose) {
        Set<URI> difference = new LinkedHashSet<>(these);
        difference.removeAll(butNotThose);
        return difference;
    }
}
