package io.weir.demos.ideas;

import reactor.core.publisher.Mono;

/** One idea, shown by a program that tells what it does as it does it. */
interface Demo {

    /** What it is called on the command line. */
    String name();

    /** What it shows, in one line. */
    String about();

    /** Runs it, once for each subscription. */
    Mono<?> run(Stage stage);
}
