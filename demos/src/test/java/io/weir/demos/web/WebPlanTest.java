package io.weir.demos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WebPlanTest {
    private final TestWebOptions options = TestWebOptions.defaults();
    private final WebPlan plan = WebPlanner.plan(options);

    @Test
    void hasAsManyPagesOfEachKindAsTheOptionsSay() {
        Map<PageKind, Long> count = plan.linked().stream()
                .collect(Collectors.groupingBy(Page::kind, () -> new EnumMap<>(PageKind.class), Collectors.counting()));
        assertThat(plan.linked()).hasSize(5_000).doesNotHaveDuplicates();
        for (PageKind kind : PageKind.values()) {
            if (kind.oddity()) {
                assertThat(count.get(kind))
                        .as("%s", kind)
                        .isEqualTo((long) options.count(kind))
                        .isPositive();
            }
        }
        assertThat(count).doesNotContainKeys(PageKind.ASSET, PageKind.ROBOTS);
    }

    @Test
    void hasEveryOddNameAndAllOfThemOnOneHost() {
        Set<String> names = plan.linkedOn(1).stream()
                .filter(page -> page.kind() == PageKind.ODD_NAME)
                .map(Page::target)
                .collect(Collectors.toSet());
        assertThat(names).containsExactlyInAnyOrderElementsOf(OddNames.ALL);
    }

    @Test
    void everyPageCanBeReachedAndNoOtherWithoutDisobedience() {
        Set<Page> seen = new HashSet<>(Set.of(plan.home(0)));
        Deque<Page> toVisit = new ArrayDeque<>(seen);
        for (Page page = toVisit.poll(); page != null; page = toVisit.poll()) {
            Page document = plan.document(page);
            boolean read = page.kind().followed()
                    && document != null
                    && !plan.disallowed().contains(page);
            for (Page link : read ? plan.linksOn(document) : Set.<Page>of()) {
                if (seen.add(link)) {
                    toVisit.add(link);
                }
            }
        }
        assertThat(seen).containsAll(plan.linked()).containsAll(plan.disallowed());
        assertThat(seen).doesNotContainAnyElementsOf(plan.behindRedirects());
        assertThat(seen).doesNotContainAnyElementsOf(plan.unreachable());
        assertThat(seen).hasSize(plan.linked().size() + plan.disallowed().size());
    }

    @Test
    void somePagesCanOnlyBeReachedThroughEachKindOfPageThatIsFollowed() {
        Map<Page, Set<Page>> linkedFrom = new HashMap<>();
        for (Page page : plan.linked()) {
            Page document = plan.document(page);
            if (document != null) {
                plan.linksOn(document)
                        .forEach(link -> linkedFrom
                                .computeIfAbsent(link, l -> new HashSet<>())
                                .add(page));
            }
        }
        for (PageKind kind : PageKind.values()) {
            if (kind.followed()) {
                assertThat(linkedFrom.values().stream()
                                .anyMatch(from -> from.stream().allMatch(page -> page.kind() == kind)))
                        .as("a page that only %s pages link to", kind)
                        .isTrue();
            }
        }
    }

    @Test
    void redirectsComeInEveryStatusAndEveryLengthAndCrossHosts() {
        Set<Integer> statuses = new HashSet<>();
        Set<Integer> lengths = new HashSet<>();
        Set<Boolean> crossing = new HashSet<>();
        for (Page page : plan.linked()) {
            if (page.kind() == PageKind.REDIRECT) {
                int length = 0;
                Page at = page;
                for (Redirect next = plan.redirect(at); next != null; next = plan.redirect(at)) {
                    statuses.add(next.status());
                    at = next.to();
                    length++;
                }
                lengths.add(length);
                crossing.add(at.host() != page.host());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(301, 302, 303, 307, 308);
        assertThat(lengths).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(crossing).hasSize(2);
    }

    @Test
    void theSameSeedGivesTheSamePlanAndAnotherSeedAnother() {
        WebPlan again = WebPlanner.plan(TestWebOptions.defaults());
        assertThat(again.linked()).isEqualTo(plan.linked());
        assertThat(again.linked()).allMatch(page -> again.linksOn(page).equals(plan.linksOn(page)));
        assertThat(again.linked().stream().map(Page::target))
                .containsExactlyElementsOf(
                        plan.linked().stream().map(Page::target).toList());

        WebPlan other = WebPlanner.plan(TestWebOptions.builder().seed(2).build());
        assertThat(other.linked().stream().map(Page::target).toList())
                .isNotEqualTo(plan.linked().stream().map(Page::target).toList());
    }

    @Test
    void aPlanOfAnySizeCanBeMade() {
        for (int hosts = 1; hosts < 12; hosts++) {
            for (int pages = hosts; pages < hosts + 130; pages += 7) {
                for (double share : new double[] {0.2, 0.6}) {
                    TestWebOptions.Builder small =
                            TestWebOptions.builder().hosts(hosts).pages(pages).onlyPlainPages();
                    small.share(PageKind.ODD_NAME, share)
                            .share(PageKind.REDIRECT, 0.3)
                            .share(PageKind.REDIRECT_LOOP, 0.1);
                    assertThat(WebPlanner.plan(small.build()).linked()).hasSize(pages);
                }
            }
        }
    }

    @Test
    void optionsThatDoNotFitAreRefused() {
        TestWebOptions.Builder good = TestWebOptions.builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestWebOptions.builder().hosts(0).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestWebOptions.builder().pages(199).build());
        assertThatIllegalArgumentException().isThrownBy(() -> good.share(PageKind.PAGE, 0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> good.share(PageKind.SLOW, 1.1));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TestWebOptions.builder().share(PageKind.SLOW, 0.95).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestWebOptions.builder()
                        .slowDelay(Duration.ofMillis(2), Duration.ofMillis(1))
                        .build());
    }
}
