package io.weir.core.debug;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was found so far: one report for each place, and how often. Not more places than {@value #MOST}. */
final class Sightings {
    static final int MOST = 1_000;

    private final Map<Object, Report> found = new LinkedHashMap<>();

    /** True if {@code report} is the first for its place, and is to be told. */
    synchronized boolean add(Report report) {
        Object place = place(report);
        Report before = found.get(place);
        if (before == null && found.size() == MOST) {
            return false;
        }
        found.put(place, before == null ? report : more(before, report));
        return before == null;
    }

    /** What was added as {@code report} has gone on until now. */
    synchronized void lasts(Report.HoggedThread report, Duration until) {
        found.computeIfPresent(
                place(report),
                (place, known) -> known instanceof Report.HoggedThread hog && until.compareTo(hog.lasted()) > 0
                        ? new Report.HoggedThread(hog.thread(), until, hog.site(), hog.samples(), hog.count())
                        : known);
    }

    synchronized boolean isFull() {
        return found.size() == MOST;
    }

    synchronized List<Report> all() {
        return List.copyOf(found.values());
    }

    private static Object place(Report report) {
        StackTraceElement site = report.site();
        return report instanceof Report.NeverSubscribed never
                ? List.of(never.maker(), never.last(), site)
                : List.of(site.getClassName(), site.getMethodName()); // another line of a method each time
    }

    private static Report more(Report before, Report now) {
        if (before instanceof Report.NeverSubscribed never) {
            return new Report.NeverSubscribed(
                    never.type(), never.maker(), never.last(), never.stack(), never.count() + 1);
        }
        Report.HoggedThread old = (Report.HoggedThread) before;
        Report.HoggedThread hog = (Report.HoggedThread) now;
        Report.HoggedThread longer = hog.lasted().compareTo(old.lasted()) > 0 ? hog : old;
        return new Report.HoggedThread(
                longer.thread(), longer.lasted(), longer.site(), longer.samples(), old.count() + 1);
    }
}
