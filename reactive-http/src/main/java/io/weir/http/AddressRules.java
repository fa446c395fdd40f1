package io.weir.http;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses a client may connect to: the guard against requests that somebody else's URL would send into one's own
 * network. Immutable.
 *
 * <pre>{@code
 * FetchClient client = FetchClient.builder()
 *         .addresses(AddressRules.publicOnly().allow("10.1.2.0/24").deny("203.0.113.7"))
 *         .build();
 * }</pre>
 *
 * <p>Asked of each address at the moment it is dialled, whether it stood in the URL or came from DNS, for the first request
 * and for every redirect: so a name that is looked up twice with different answers gains nothing. An address that is refused
 * is a {@link FetchAddressException}, and nothing is sent; a name with several addresses is reached at one that is not.
 *
 * <p>A denied range beats an allowed one, and that beats {@link #publicOnly()}. IPv4 addresses that stand in IPv6 (mapped,
 * compatible, 6to4, Teredo and NAT64) are held to the rules for IPv4 too.
 *
 * <p>Whatever the rules, a redirect never leads from a public address to one that is not.
 */
public final class AddressRules {
    private static final AddressRules ANY = new AddressRules(Base.ANY, Map.of(), Map.of());
    private static final AddressRules PUBLIC = new AddressRules(Base.PUBLIC, Map.of(), Map.of());
    private static final AddressRules NONE = new AddressRules(Base.NONE, Map.of(), Map.of());

    private enum Base {
        ANY,
        PUBLIC,
        NONE
    }

    private final Base base;
    private final Map<String, Cidr> allowed;
    private final Map<String, Cidr> denied;

    private AddressRules(Base base, Map<String, Cidr> allowed, Map<String, Cidr> denied) {
        this.base = base;
        this.allowed = allowed;
        this.denied = denied;
    }

    /**
     * All addresses: the default.
     *
     * @return the rules
     */
    public static AddressRules any() {
        return ANY;
    }

    /**
     * Only addresses of the public internet: none that is private, loopback, link-local, multicast, reserved, or special in
     * any other way of RFC 6890 and the registries that go with it.
     *
     * @return the rules
     */
    public static AddressRules publicOnly() {
        return PUBLIC;
    }

    /**
     * Only addresses of these ranges.
     *
     * @param ranges such as {@code 10.0.0.0/8}, {@code fc00::/7}, or single addresses
     * @return the rules
     * @throws IllegalArgumentException if one is no range
     */
    public static AddressRules only(String... ranges) {
        return NONE.allow(ranges);
    }

    /**
     * Allows more ranges.
     *
     * @param ranges such as {@code 10.0.0.0/8}, {@code fc00::/7}, or single addresses
     * @return the rules with these
     * @throws IllegalArgumentException if one is no range
     */
    public AddressRules allow(String... ranges) {
        return new AddressRules(base, with(allowed, ranges), denied);
    }

    /**
     * Denies more ranges.
     *
     * @param ranges such as {@code 10.0.0.0/8}, {@code fc00::/7}, or single addresses
     * @return the rules with these
     * @throws IllegalArgumentException if one is no range
     */
    public AddressRules deny(String... ranges) {
        return new AddressRules(base, allowed, with(denied, ranges));
    }

    /**
     * Whether an address may be connected to.
     *
     * @param address the address
     * @return true where no rule refuses it
     */
    public boolean permits(InetAddress address) {
        return refusal(address) == null;
    }

    /** The rule that refuses the address, or null. */
    @Nullable
    String refusal(InetAddress address) {
        if (base == Base.ANY && denied.isEmpty()) {
            return null;
        }
        List<byte[]> all = SpecialAddresses.all(address.getAddress());
        String range = find(denied, all);
        if (range != null) {
            return "denied " + range;
        }
        if (find(allowed, all) != null) {
            return null;
        }
        return switch (base) {
            case ANY -> null;
            case NONE -> "not in an allowed range";
            case PUBLIC -> {
                String special = SpecialAddresses.rangeOf(address.getAddress());
                yield special == null ? null : "public only, and this is of " + special;
            }
        };
    }

    private static @Nullable String find(Map<String, Cidr> ranges, List<byte[]> addresses) {
        for (Map.Entry<String, Cidr> range : ranges.entrySet()) {
            if (addresses.stream().anyMatch(range.getValue()::contains)) {
                return range.getKey();
            }
        }
        return null;
    }

    private static Map<String, Cidr> with(Map<String, Cidr> known, String... ranges) {
        Map<String, Cidr> more = new LinkedHashMap<>(known);
        for (String range : ranges) {
            more.put(range, Cidr.parse(range));
        }
        return more;
    }

    @Override
    public String toString() {
        return base.name().toLowerCase(Locale.ROOT) + ", allowed " + allowed.keySet() + ", denied " + denied.keySet();
    }
}
