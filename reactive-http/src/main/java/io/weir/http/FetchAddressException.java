package io.weir.http;

import java.net.InetAddress;

/**
 * An address was not to be connected to: the client's {@link AddressRules} refuse it, or a redirect led to it from the public
 * internet. Nothing was sent.
 */
public final class FetchAddressException extends FetchException {
    private static final long serialVersionUID = 1L;

    private final transient InetAddress address;
    private final transient String rule;

    FetchAddressException(InetAddress address, String rule, Failure failure, Throwable cause) {
        super("the address " + address.getHostAddress() + " is refused: " + rule, failure, cause);
        this.address = address;
        this.rule = rule;
    }

    /**
     * The address.
     *
     * @return what would have been connected to
     */
    public InetAddress address() {
        return address;
    }

    /**
     * The rule that refuses it.
     *
     * @return the rule in words, with the range it is about
     */
    public String rule() {
        return rule;
    }

    @Override
    public boolean isTransient() {
        return false;
    }
}
