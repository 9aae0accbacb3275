import java.util.concurrent.CountDownLatch;
import org.codelibs.opensearch.runner.OpenSearchRunner;

/** One node of a test cluster in a process of its own: FOLDER NUMBER FIRST_PORT FOUNDERS. */
public class Node {
    static final int TRANSPORT = 100;
    static final int MOST = 5;

    public static void main(String[] told) throws Exception {
        int number = Integer.parseInt(told[1]);
        int first = Integer.parseInt(told[2]);
        String[] founders = new String[Integer.parseInt(told[3])];
        for (int i = 0; i < founders.length; i++) {
            founders[i] = "node-" + (i + 1);
        }
        String[] seeds = new String[MOST];
        for (int i = 0; i < MOST; i++) {
            seeds[i] = "127.0.0.1:" + (first + TRANSPORT + i);
        }
        OpenSearchRunner runner = new OpenSearchRunner();
        runner.onBuild((one, settings) -> {
            settings.put("node.name", "node-" + number);
            settings.put("network.host", "127.0.0.1");
            settings.put("http.port", first + number - 1);
            settings.put("transport.port", first + TRANSPORT + number - 1);
            settings.putList("discovery.seed_hosts", seeds);
            settings.putList("cluster.initial_cluster_manager_nodes", founders);
        }).build(OpenSearchRunner.newConfigs()
            .basePath(told[0]).clusterName("jarshy-tests").numOfNode(1).useLogger());
        new CountDownLatch(1).await();
    }
}
