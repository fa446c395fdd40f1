package io.weir.demos.crawl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which URLs are to be crawled: those of the start URLs' origins, and those of the hosts that were named besides. */
final class Scope {

    private final Set<String> origins = ConcurrentHashMap.newKeySet();
    private final Set<CanonicalUrl> starts = ConcurrentHashMap.newKeySet();
    private final List<String> hosts;

    /**
     * A scope.
     *
     * @param starts the start URLs, whose origins (scheme, host and port) belong to it
     * @param hosts further hosts, on any port; {@code *.example.org} stands for all below it
     */
    Scope(Collection<CanonicalUrl> starts, Collection<String> hosts) {
        starts.forEach(start -> origins.add(start.origin()));
        this.starts.addAll(starts);
        this.hosts = new ArrayList<>(hosts);
    }

    boolean contains(CanonicalUrl url) {
        return origins.contains(url.origin()) || hosts.stream().anyMatch(pattern -> matches(url.host(), pattern));
    }

    /**
     * Takes in the origin of {@code target} where a start URL leads there and it is the same site: who asks for
     * {@code http://example.org} means {@code https://www.example.org} too. Answers whether it belongs now.
     */
    boolean follow(CanonicalUrl start, CanonicalUrl target) {
        boolean sameSite = bare(start).equals(bare(target)) && target.host().equals(target.authority());
        if (starts.contains(start) && sameSite && start.host().equals(start.authority())) {
            origins.add(target.origin());
        }
        return contains(target);
    }

    private static String bare(CanonicalUrl url) {
        return url.host().startsWith("www.") ? url.host().substring(4) : url.host();
    }

    private static boolean matches(String host, String pattern) {
        return pattern.equals("*")
                || host.equals(pattern)
                || (pattern.startsWith("*.") && host.endsWith(pattern.substring(1)));
    }
}
