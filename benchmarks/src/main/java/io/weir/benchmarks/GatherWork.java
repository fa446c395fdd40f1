package io.weir.benchmarks;

import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Param;

/** How many sources are gathered; however many, one run gathers 100 000 in all, one gathering after another. */
public abstract class GatherWork extends OnThreads {
    static final int TOTAL = 100_000;

    /** The sources of one gathering. */
    @Param({"10", "1000", "100000"})
    public int sources = 10;

    final int gathers() {
        return TOTAL / sources;
    }

    /** What the sources give: boxed here, so that nobody pays for it. */
    final List<Integer> values() {
        return IntStream.range(0, sources).boxed().toList();
    }
}
