using System.Diagnostics;
using System.Globalization;
using System.Text;
using WaltG5k.Core.Kadeploy;

namespace WaltG5k.Bench;

/// <summary>The most talkative output of a deployment on 2 000 nodes of 10 clusters, from text to events, and to the state of each node.</summary>
static class KadeployOutputScenario
{
    const int Clusters = 10, NodesPerCluster = 200;
    // Long enough for the compiler to have seen what is worth its work, as in a session that deploys for minutes.
    static readonly TimeSpan s_measured = TimeSpan.FromSeconds(2);
    static readonly string[] s_first = ["switch_pxe", "reboot", "wait_reboot", "send_key_in_deploy_env", "create_partition_table",
        "format_deploy_part", "mount_deploy_part", "format_swap_part"];
    static readonly string[] s_second = ["send_environment", "manage_user_post_install", "check_kernel_files", "send_key", "install_bootloader",
        "sync"];
    static readonly string[] s_third = ["switch_pxe", "umount_deploy_part", "mount_deploy_part", "kexec", "wait_reboot"];

    public static IReadOnlyList<Measurement> Run()
    {
        string output = Create();
        double megabytes = Encoding.UTF8.GetByteCount(output) / 1e6;
        string[] nodes = [.. Enumerable.Range(1, Clusters).SelectMany(c => Enumerable.Range(1, NodesPerCluster).Select(n => Name(c, n)))];
        int events = 0;
        Read(output, _ => events++);
        TimeSpan read = Best(() => Read(output, _ => { }));
        TimeSpan followed = Best(() =>
        {
            var monitor = new KadeployMonitor(nodes);
            Read(output, monitor.Take);
            if (monitor.GetResults().Count(r => r.IsOk) != nodes.Length) throw new InvalidOperationException("Not every node was told as deployed.");
        });
        string what = string.Create(CultureInfo.InvariantCulture, $"{nodes.Length} nodes, {megabytes:0.00} MB, {events} events");
        return
        [
            Measurement.AtMost($"Kadeploy's output to events ({what})", read.TotalMilliseconds / megabytes, 10, "ms/MB"),
            Measurement.AtMost("Kadeploy's output to states, times and results of each node", followed.TotalMilliseconds / megabytes, 40, "ms/MB"),
        ];
    }

    static void Read(string output, Action<KadeployEvent> onEvent)
    {
        var reader = new KadeployReader(onEvent);
        reader.Write(output);
        reader.Complete();
    }

    static TimeSpan Best(Action act)
    {
        TimeSpan best = TimeSpan.MaxValue;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < s_measured)
        {
            long start = Stopwatch.GetTimestamp();
            act();
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            if (time < best) best = time;
        }
        return best;
    }

    static string Create()
    {
        var text = new StringBuilder("Deployment #D-00000000-0000-0000-0000-000000000001 started\n---\nClusters involved in the operation:\n");
        for (int c = 1; c <= Clusters; c++) Line(text, $"  [c{c}] : cluster{c}");
        Line(text, "---");
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}] Launching a deployment on cluster{c}-[1-{NodesPerCluster}].site.grid5000.fr");
        AppendMacroStep(text, "SetDeploymentMiniOSUntrusted", s_first);
        AppendMacroStep(text, "BroadcastEnvKascade", s_second);
        AppendMacroStep(text, "BootNewEnvKexec", s_third);
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}] End of deployment for cluster{c}-[1-{NodesPerCluster}].site.grid5000.fr after 300s");
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}] End of deployment on cluster cluster{c} after 301s");
        text.Append("Deployment #D-00000000-0000-0000-0000-000000000001 done\n\nThe deployment is successful on nodes\n");
        for (int c = 1; c <= Clusters; c++)
        {
            for (int n = 1; n <= NodesPerCluster; n++) text.Append(Name(c, n)).Append('\n');
        }
        return text.ToString();
    }

    static void AppendMacroStep(StringBuilder text, string macroStep, string[] microSteps)
    {
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}]  * Bypassing the step Deploy[{macroStep}]-set_vlan");
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}] Performing a Deploy[{macroStep}] step");
        foreach (string microStep in microSteps)
        {
            for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}]   {microStep}");
            for (int n = 1; microStep == "wait_reboot" && n <= NodesPerCluster; n++)
            {
                for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}]    * {Name(c, n)} is here after {100 + n % 50}s");
            }
            for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}]    ~ Time in {microStep}: 3s");
        }
        for (int c = 1; c <= Clusters; c++) Line(text, $"[c{c}] End of step Deploy[{macroStep}] after 90s");
    }

    // Numbers only, which every culture writes alike.
    static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    static string Name(int cluster, int node) => string.Create(CultureInfo.InvariantCulture, $"cluster{cluster}-{node}.site.grid5000.fr");
}
