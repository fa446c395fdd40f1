package io.weir.http;

import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.weir.core.offload.Offload;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Finds addresses: first what the user's function says, then DNS, asked by Netty's resolver on the event loop.
 *
 * <p>Not by the JDK's: its lookups block a thread each for as long as the system's resolver likes, and a few hosts whose name
 * servers are dead would occupy any number of threads. The price is that {@code nsswitch.conf} is not read; {@code
 * /etc/hosts} and {@code resolv.conf} are. They are read on a blocking worker, when the first name is looked up: who fetches
 * from addresses, or from hosts that the function knows, never pays for it.
 */
final class NameResolver extends AddressResolverGroup<InetSocketAddress> {
    private static final int MAX_TTL_SECONDS = 300;
    private static final int NEGATIVE_TTL_SECONDS = 5;

    private final Function<String, @Nullable InetAddress> known;
    private final Mono<DnsAddressResolverGroup> dns;
    private volatile @Nullable DnsAddressResolverGroup ready;

    NameResolver(Function<String, @Nullable InetAddress> known, Loops loops, Duration timeout) {
        this.known = known;
        this.dns = Offload.blocking(() -> start(loops, timeout))
                .doOnNext(started -> ready = started)
                .cacheInvalidateIf(started -> false);
    }

    /** The address to connect to, which for a name is found later, once what that needs is there. */
    Mono<InetSocketAddress> address(Target target) {
        InetSocketAddress address = Addresses.socketAddress(target.host(), target.port());
        return finds(address) ? Mono.just(address) : dns.thenReturn(address);
    }

    /** Whether what this address needs is there already. */
    boolean finds(InetSocketAddress address) {
        return !address.isUnresolved() || ready != null || known.apply(address.getHostString()) != null;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new OfLoop(executor);
    }

    @Override
    public void close() {
        super.close();
        DnsAddressResolverGroup started = ready;
        if (started != null) {
            started.close();
        }
    }

    private static DnsAddressResolverGroup start(Loops loops, Duration timeout) {
        return new DnsAddressResolverGroup(new DnsNameResolverBuilder()
                .datagramChannelType(loops.datagram())
                .socketChannelType(loops.socket())
                .queryTimeoutMillis(Math.max(1, timeout.toMillis() / 2))
                .maxQueriesPerResolve(6)
                .resolveCache(new BoundedDnsCache(MAX_TTL_SECONDS, NEGATIVE_TTL_SECONDS))
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE));
    }

    private final class OfLoop extends AbstractAddressResolver<InetSocketAddress> {
        OfLoop(EventExecutor executor) {
            super(executor, InetSocketAddress.class);
        }

        @Override
        protected boolean doIsResolved(InetSocketAddress address) {
            return !address.isUnresolved();
        }

        @Override
        protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise) {
            Promise<List<InetSocketAddress>> all = executor().newPromise();
            all.addListener((Future<List<InetSocketAddress>> found) -> {
                if (found.isSuccess()) {
                    promise.trySuccess(found.getNow().get(0));
                } else {
                    promise.tryFailure(found.cause());
                }
            });
            doResolveAll(address, all);
        }

        @Override
        protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> promise) {
            String host = address.getHostString();
            try {
                InetAddress override = known.apply(host);
                if (override != null) {
                    InetAddress named = InetAddress.getByAddress(host, override.getAddress());
                    promise.setSuccess(List.of(new InetSocketAddress(named, address.getPort())));
                    return;
                }
            } catch (UnknownHostException | RuntimeException e) {
                promise.setFailure(e);
                return;
            }
            Objects.requireNonNull(ready, "dns")
                    .getResolver(executor())
                    .resolveAll(address)
                    .addListener((Future<List<InetSocketAddress>> found) -> {
                        if (found.isSuccess()) {
                            promise.trySuccess(found.getNow());
                        } else {
                            promise.tryFailure(found.cause());
                        }
                    });
        }
    }
}
