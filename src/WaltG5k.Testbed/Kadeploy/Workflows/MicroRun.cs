using System.Globalization;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Nodes;

namespace WaltG5k.Testbed.Kadeploy;

/// <summary>One micro-step on one node set: its lines, its trace, the faults that strike in it.</summary>
internal sealed class MicroRun(Workflow workflow, Func<int, string> prefix, ClusterModel cluster)
{
    readonly TestbedWorld _world = workflow.World;

    public async Task<IReadOnlyDictionary<NodeModel, string>> RunAsync(NodeSetRun set, MacroStep macro, MicroStep micro,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<NodeModel> nodes = set.Nodes;
        int number = set.Number;
        long start = _world.Time.GetTimestamp();
        Log(3, number, $"  {micro.Name}");
        if (micro.Detail is not null) Log(micro.DetailLevel, number, $"   * {micro.Detail(nodes)}");
        foreach (NodeModel node in nodes) workflow.Note(node,
            n => (n.Macro, n.Micro, n.State) = (macro.Name, micro.Name, micro.Name == "wait_reboot" ? "reboot_in_progress" : "ok"));

        using IDisposable active = workflow.BeginStep(set, macro.Name, micro);
        if (Strikes(FaultNames.KadeployStepHangs, macro, micro, nodes).Count > 0)
            await Task.Delay(Timeout.InfiniteTimeSpan, _world.Time, cancellationToken).ConfigureAwait(false);
        List<NodeModel> struck = Strikes(FaultNames.KadeployStepFails, macro, micro, nodes);
        IReadOnlyDictionary<NodeModel, string> failed = await micro.RunAsync(nodes, cancellationToken).ConfigureAwait(false);
        if (struck.Count > 0)
        {
            failed = nodes.Where(n => struck.Contains(n) || failed.ContainsKey(n))
                .ToDictionary(n => n, n => failed.GetValueOrDefault(n) ?? StepReasons.For(micro.Name));
            if (micro.Limit is TimeSpan limit && limit - _world.Time.GetElapsedTime(start) is { Ticks: > 0 } left)
                await Task.Delay(left, _world.Time, cancellationToken).ConfigureAwait(false);
        }

        TimeSpan elapsed = _world.Time.GetElapsedTime(start);
        Trace(micro, nodes, failed);
        if (micro.Arrival is TimeSpan arrival)
        {
            string after = Seconds(elapsed < arrival ? elapsed : arrival);
            foreach (NodeModel node in nodes.Where(n => !failed.ContainsKey(n)))
            {
                workflow.Note(node, n => n.State = "rebooted");
                Log(5, number, $"   * {node.Name} is here after {after}");
            }
        }
        if (micro.Conclude is not null) Log(3, number, $"   * {micro.Conclude(elapsed)}");
        Log(4, number, $"   ~ Time in {micro.TimedName}: {Seconds(elapsed)}");
        return failed;
    }

    /// <summary>
    /// The nodes that a fault means in this step: its value is the micro-step, the macro-step and the micro-step, or a macro-step for its first.
    /// </summary>
    List<NodeModel> Strikes(string fault, MacroStep macro, MicroStep micro, IReadOnlyList<NodeModel> nodes)
    {
        List<string> places = [micro.Name, $"{macro.Name}-{micro.Name}", $"{macro.Kind}-{micro.Name}"];
        if (macro.Steps[0].Name == micro.Name) places.AddRange([macro.Name, macro.Kind]);
        return [.. nodes.Where(n => _world.Faults.TakeAt(fault, places, NodeLife.NamesOf(n)) is not null)];
    }

    void Trace(MicroStep micro, IReadOnlyList<NodeModel> nodes, IReadOnlyDictionary<NodeModel, string> failed)
    {
        if (micro.Command is not string command) return;
        foreach (NodeModel node in nodes)
        {
            string line = $"/usr/local/bin/connector {node.Name} {command}";
            if (failed.TryGetValue(node, out string? reason)) workflow.WriteTrace(node, line, "", reason, "1");
            else workflow.WriteTrace(node, line, "", "", "0");
        }
    }

    void Log(int level, int set, string line) => workflow.Write(level, cluster.Name, prefix(set) + line);

    static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(time.TotalSeconds):0}s");
}

/// <summary>What the programs behind the micro-steps say when they fail.</summary>
internal static class StepReasons
{
    public static string For(string microStep) => microStep switch
    {
        "wait_reboot" => StepTiming.Unreachable,
        "send_key" or "send_key_in_deploy_env" => "sh: 1: cannot create /root/.ssh/authorized_keys: Directory nonexistent\n",
        "create_partition_table" => "Error: Could not stat device /dev/disk0 - No such file or directory.\n",
        "format_deploy_part" or "format_tmp_part" or "format_swap_part" =>
            "mkfs: /dev/disk0, partition 3: Input/output error\nmkfs: giving up, nothing was written\n",
        "mount_deploy_part" => "mount: /mnt/dest: can't read superblock on /dev/disk0p3.\n",
        "send_environment" => "tar: Unexpected EOF in archive\ntar: Error is not recoverable: exiting now\n",
        "install_bootloader" => "grub-install: error: cannot find a device for /boot (is /dev mounted?).\n",
        "kexec" => "kexec_load failed: Cannot assign requested address\n",
        _ => "The step's command ended with status 1\n",
    };
}
