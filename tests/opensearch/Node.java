import java.io.File;
import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of a test cluster in a process of its own: FOLDER NUMBER FIRST_PORT FOUNDERS NAME. */
public class Node {
    static final int TRANSPORT = 100;
    static final int MOST = 5;
    static final boolean SECURED = Boolean.getBoolean("jarshy.secured");
    // The certificates, and nodes_dn in deploy/opensearch/opensearch.yml, are for these names.
    static final String NAME = SECURED ? "search" : "node-";

    public static void main(String[] told) throws Exception {
        try {
            start(new File(told[0]), Integer.parseInt(told[1]), Integer.parseInt(told[2]),
                Integer.parseInt(told[3]), told[4]);
        } catch (Throwable error) {
            // Threads of a node that is half there would keep the process alive.
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        new CountDownLatch(1).await();
    }

    static void start(File folder, int number, int first, int founding, String cluster) {
        String[] founders = new String[founding];
        for (int i = 0; i < founders.length; i++) {
            founders[i] = NAME + (i + 1);
        }
        String[] seeds = new String[MOST];
        for (int i = 0; i < MOST; i++) {
            seeds[i] = "127.0.0.1:" + (first + TRANSPORT + i);
        }
        OpenSearchRunner.Configs configs = OpenSearchRunner.newConfigs();
        if (SECURED) {
            configs.pluginTypes("org.opensearch.security.OpenSearchSecurityPlugin");
        }
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((one, settings) -> {
            settings.put("node.name", NAME + number);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", first + number - 1);
            settings.put("transport.port", first + TRANSPORT + number - 1);
            settings.putList("discovery.seed_hosts", seeds);
            settings.putList("cluster.initial_cluster_manager_nodes", founders);
            settings.put("path.repo", new File(folder, "snapshots").getPath());
            // A disk that others have filled is none of the tests' business.
            settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
        }).build(configs
            .basePath(new File(folder, "node-" + number).getPath()).clusterName(cluster)
            .numOfNode(1).useLogger());
    }
}
