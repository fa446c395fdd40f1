package io.weir.http;

import java.util.Arrays;

/** A range of addresses: all that begin with the same bits. An IPv4 address is never in a range of IPv6, nor the other way. */
final class Cidr {
    private final byte[] prefix;
    private final int bits;

    private Cidr(byte[] prefix, int bits) {
        this.prefix = prefix;
        this.bits = bits;
    }

    /** Reads {@code 10.0.0.0/8}, {@code fc00::/7}, or one address. */
    static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = address.indexOf(':') < 0 ? Addresses.ipv4(address) : Addresses.ipv6(address);
        if (bytes != null) {
            String length = slash < 0 ? String.valueOf(bytes.length * 8) : text.substring(slash + 1);
            if (length.matches("[0-9]{1,3}") && Integer.parseInt(length) <= bytes.length * 8) {
                return new Cidr(bytes, Integer.parseInt(length)).checked(text);
            }
        }
        throw new IllegalArgumentException("no range of addresses such as 10.0.0.0/8 or fc00::/7: " + text);
    }

    boolean contains(byte[] address) {
        if (address.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xff00 >> (bits % 8);
        return Arrays.equals(address, 0, whole, prefix, 0, whole)
                && (bits % 8 == 0 || ((address[whole] ^ prefix[whole]) & mask & 0xff) == 0);
    }

    /** A bit beyond the prefix is a slip of the pen, and which range was meant is not for us to guess. */
    private Cidr checked(String text) {
        for (int bit = bits; bit < prefix.length * 8; bit++) {
            if ((prefix[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                throw new IllegalArgumentException("the range has bits set beyond its prefix: " + text);
            }
        }
        return this;
    }
}
