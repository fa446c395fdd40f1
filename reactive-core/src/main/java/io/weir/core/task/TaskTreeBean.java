package io.weir.core.task;

import java.lang.management.ManagementFactory;
import javax.management.InstanceAlreadyExistsException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The tree in JMX. Apart from it, so that groups work where the runtime image has no {@code java.management}. */
final class TaskTreeBean implements TaskTreeMXBean {
    private TaskTreeBean() {}

    static void register() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName("io.weir:type=TaskTree");
            if (!server.isRegistered(name)) {
                server.registerMBean(new TaskTreeBean(), name);
            }
        } catch (InstanceAlreadyExistsException e) {
            // another thread was faster
        } catch (JMException e) {
            throw new IllegalStateException("cannot register the task tree", e);
        }
    }

    @Override
    public int getTasks() {
        return TaskTree.snapshot(0).stream().mapToInt(TaskNode::tasks).sum();
    }

    @Override
    public String dump() {
        return TaskTree.dump();
    }

    @Override
    public String json() {
        return TaskTree.json();
    }
}
