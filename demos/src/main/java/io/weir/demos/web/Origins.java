package io.weir.demos.web;

import java.net.InetAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All hosts of a running web, by number and by name. */
final class Origins {
    private final List<Origin> byNumber;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, InetAddress> addresses = new HashMap<>();

    Origins(List<Origin> byNumber) {
        this.byNumber = List.copyOf(byNumber);
        for (Origin origin : byNumber) {
            numbers.put(origin.authority(), numbers.size());
            addresses.put(origin.name(), origin.address());
        }
    }

    Origin of(Page page) {
        return byNumber.get(page.host());
    }

    String url(Page page) {
        return of(page).url(page);
    }

    URI uri(Page page) {
        return URI.create(url(page));
    }

    /** The number of the host that a Host header names, if it is one of ours and reached at its own address. */
    @Nullable
    Integer hostOf(String authority, @Nullable InetAddress reachedAt) {
        Integer number = numbers.get(authority);
        return number != null && byNumber.get(number).address().equals(reachedAt) ? number : null;
    }

    @Nullable
    InetAddress address(String name) {
        return addresses.get(name);
    }
}
