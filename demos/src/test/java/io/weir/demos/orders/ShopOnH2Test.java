package io.weir.demos.orders;

class ShopOnH2Test extends ShopContract {
    @Override
    String url() {
        return "r2dbc:h2:mem:///weir-shop-test;DB_CLOSE_DELAY=-1";
    }
}
