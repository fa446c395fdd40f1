package io.weir.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Reads IP addresses, and nothing that only some would take for one. */
final class Addresses {
    private Addresses() {}

    /** Four decimal parts without leading zeros, which some read as octal; null for anything else. */
    static byte @Nullable [] ipv4(String text) {
        byte[] address = new byte[4];
        int at = 0;
        for (int part = 0; part < 4; part++) {
            int value = 0;
            int start = at;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - start < 3) {
                value = value * 10 + (text.charAt(at++) - '0');
            }
            boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
            boolean ends = part == 3 ? at == text.length() : at < text.length() && text.charAt(at) == '.';
            if (at == start || leadingZero || value > 255 || !ends) {
                return null;
            }
            address[part] = (byte) value;
            at++;
        }
        return address;
    }

    /** The address itself where the host is one, so that no name is looked up; an IPv6 address stands in brackets. */
    static byte @Nullable [] literal(String host) {
        return host.startsWith("[") ? ipv6(host.substring(1, host.length() - 1)) : ipv4(host);
    }

    /**
     * What to connect to, and the key of its pool. A name stays a name, so that the pool tells two names of one address
     * apart, as TLS does.
     */
    static InetSocketAddress socketAddress(String host, int port) {
        byte[] literal = literal(host);
        if (literal == null) {
            String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
            return InetSocketAddress.createUnresolved(name, port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four or sixteen bytes are an address", e);
        }
    }

    /** Without brackets and zone; null for anything else. */
    static byte @Nullable [] ipv6(String text) {
        if (text.indexOf(':') < 0 || !text.matches("[0-9a-fA-F:.]+")) {
            return null;
        }
        try {
            // With a colon in it this is never looked up.
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
