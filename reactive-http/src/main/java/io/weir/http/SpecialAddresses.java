package io.weir.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses are not of the public internet: the registries of RFC 6890 as they stand, and what IPv6 hides of IPv4.
 *
 * <p>Of IPv6 only what is given out, 2000::/3, can be public at all.
 */
final class SpecialAddresses {
    private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
    private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");
    private static final Cidr TEREDO = Cidr.parse("2001::/32");
    private static final Cidr COMPATIBLE = Cidr.parse("::/96");
    private static final Cidr GIVEN_OUT = Cidr.parse("2000::/3");

    private static final Map<String, Cidr> RANGES = new LinkedHashMap<>();

    static {
        range("0.0.0.0/8", "this network");
        range("10.0.0.0/8", "private");
        range("100.64.0.0/10", "shared by a carrier");
        range("127.0.0.0/8", "loopback");
        range("169.254.0.0/16", "link-local");
        range("172.16.0.0/12", "private");
        range("192.0.0.0/24", "protocol assignments");
        range("192.0.2.0/24", "documentation");
        range("192.31.196.0/24", "AS112");
        range("192.52.193.0/24", "AMT");
        range("192.88.99.0/24", "6to4 relay");
        range("192.168.0.0/16", "private");
        range("192.175.48.0/24", "AS112");
        range("198.18.0.0/15", "benchmarking");
        range("198.51.100.0/24", "documentation");
        range("203.0.113.0/24", "documentation");
        range("224.0.0.0/4", "multicast");
        range("240.0.0.0/4", "reserved");
        range("::/128", "unspecified");
        range("::1/128", "loopback");
        range("::/96", "IPv4-compatible");
        range("64:ff9b:1::/48", "translation, local");
        range("100::/64", "discard");
        range("2001::/32", "Teredo");
        range("2001::/23", "protocol assignments");
        range("2001:db8::/32", "documentation");
        range("2002::/16", "6to4");
        range("2620:4f:8000::/48", "AS112");
        range("3fff::/20", "documentation");
        range("5f00::/16", "segment routing");
        range("fc00::/7", "unique local");
        range("fe80::/10", "link-local");
        range("fec0::/10", "site-local");
        range("ff00::/8", "multicast");
    }

    private SpecialAddresses() {}

    private static void range(String cidr, String what) {
        RANGES.put(cidr + " (" + what + ")", Cidr.parse(cidr));
    }

    /** The range that makes the address not public, or null where it is. */
    static @Nullable String rangeOf(byte[] address) {
        if (NAT64.contains(address)) {
            return rangeOf(Arrays.copyOfRange(address, 12, 16));
        }
        for (Map.Entry<String, Cidr> range : RANGES.entrySet()) {
            if (range.getValue().contains(address)) {
                return range.getKey();
            }
        }
        return address.length == 4 || GIVEN_OUT.contains(address) ? null : "not in 2000::/3 (not given out)";
    }

    /** The address, and those of IPv4 that packets to it may end at. */
    static List<byte[]> all(byte[] address) {
        List<byte[]> all = new ArrayList<>(3);
        all.add(address);
        if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
            all.add(Arrays.copyOfRange(address, 12, 16));
        } else if (SIX_TO_FOUR.contains(address)) {
            all.add(Arrays.copyOfRange(address, 2, 6));
        } else if (TEREDO.contains(address)) {
            all.add(Arrays.copyOfRange(address, 4, 8));
            byte[] client = Arrays.copyOfRange(address, 12, 16);
            for (int i = 0; i < client.length; i++) {
                client[i] = (byte) ~client[i];
            }
            all.add(client);
        }
        return all;
    }
}
