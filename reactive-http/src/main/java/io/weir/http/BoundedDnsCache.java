package io.weir.http;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Netty's cache with a bound. It forgets everything when a thousand names were stored: rarer than it sounds, as entries live
 * five minutes at most, and cheaper than an order of use.
 */
final class BoundedDnsCache implements DnsCache {
    private static final int MAX = 1000;

    private final DnsCache cache;
    private final Set<String> names = ConcurrentHashMap.newKeySet();

    BoundedDnsCache(int maxTtlSeconds, int negativeTtlSeconds) {
        this.cache = new DefaultDnsCache(0, maxTtlSeconds, negativeTtlSeconds);
    }

    @Override
    public void clear() {
        names.clear();
        cache.clear();
    }

    @Override
    public boolean clear(String hostname) {
        names.remove(hostname);
        return cache.clear(hostname);
    }

    @Override
    public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
        return cache.get(hostname, additionals);
    }

    @Override
    public DnsCacheEntry cache(
            String hostname, DnsRecord[] additionals, InetAddress address, long originalTtl, EventLoop loop) {
        note(hostname);
        return cache.cache(hostname, additionals, address, originalTtl, loop);
    }

    @Override
    public DnsCacheEntry cache(String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
        note(hostname);
        return cache.cache(hostname, additionals, cause, loop);
    }

    private void note(String hostname) {
        if (names.add(hostname) && names.size() > MAX) {
            clear();
        }
    }
}
