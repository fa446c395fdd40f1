package io.weir.core.debug;

import java.util.List;

/** The {@link Diagnostics} for JMX consoles, as {@code io.weir:type=Diagnostics} while they are enabled. */
public interface DiagnosticsMXBean {
    /**
     * What was found so far.
     *
     * @return for each place how often, and what is wrong there
     */
    List<String> getReports();

    /**
     * {@link Diagnostics#dump()}.
     *
     * @return lines
     */
    String dump();
}
