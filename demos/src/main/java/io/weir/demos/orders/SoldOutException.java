package io.weir.demos.orders;

/** An item was ordered of which there is none left. */
final class SoldOutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SoldOutException(String item) {
        super(item + ": sold out");
    }
}
