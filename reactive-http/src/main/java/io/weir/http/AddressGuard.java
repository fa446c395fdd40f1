package io.weir.http;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Holds each connection to the client's rules, and each redirect to the public internet once it was there. */
final class AddressGuard {
    private final AddressRules rules;
    private final Predicate<InetAddress> isPublic;

    AddressGuard(AddressRules rules) {
        this(rules, address -> SpecialAddresses.rangeOf(address.getAddress()) == null);
    }

    /** @param isPublic for tests, which know only the loopback address */
    AddressGuard(AddressRules rules, Predicate<InetAddress> isPublic) {
        this.rules = rules;
        this.isPublic = isPublic;
    }

    /** Why this attempt may not connect to the address, or null where it may. */
    @Nullable
    Refused dial(@Nullable Attempt attempt, SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return null;
        }
        String rule = rules.refusal(socket.getAddress());
        return rule == null ? stay(attempt, socket.getAddress()) : new Refused(socket.getAddress(), rule);
    }

    /** The same of a connection that is there already, which the rules have let through; notes where it leads. */
    @Nullable
    Refused use(Attempt attempt, @Nullable SocketAddress remote) {
        if (!(remote instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return null;
        }
        Refused refused = stay(attempt, socket.getAddress());
        if (refused == null && isPublic.test(socket.getAddress())) {
            attempt.reachedPublic();
        }
        return refused;
    }

    private @Nullable Refused stay(@Nullable Attempt attempt, InetAddress address) {
        return attempt != null && attempt.comesFromPublic() && !isPublic.test(address)
                ? new Refused(address, "a redirect from a public address to one that is not")
                : null;
    }

    /** As Netty wants it: the reason for which there is no connection. */
    static final class Refused extends ConnectException {
        private static final long serialVersionUID = 1L;

        private final transient InetAddress address;
        private final String rule;

        Refused(InetAddress address, String rule) {
            super(rule);
            this.address = address;
            this.rule = rule;
        }

        InetAddress address() {
            return address;
        }

        String rule() {
            return rule;
        }
    }
}
