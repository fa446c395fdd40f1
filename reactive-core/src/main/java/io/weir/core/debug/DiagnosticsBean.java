package io.weir.core.debug;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The diagnostics in JMX. Apart from them, so that they load where the runtime image has no {@code java.management}. */
final class DiagnosticsBean implements DiagnosticsMXBean {
    private static final String NAME = "io.weir:type=Diagnostics";

    private DiagnosticsBean() {}

    /** Has it stand in the platform's server, or not. */
    static void export(boolean enabled) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = new ObjectName(NAME);
        if (server.isRegistered(name)) {
            server.unregisterMBean(name);
        }
        if (enabled) {
            server.registerMBean(new DiagnosticsBean(), name);
        }
    }

    @Override
    public List<String> getReports() {
        return Diagnostics.reports().stream().map(Diagnostics::line).toList();
    }

    @Override
    public String dump() {
        return Diagnostics.dump();
    }
}
