using System.Diagnostics;
using WaltG5k.Core;
using WaltG5k.Core.Deployments;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.Walt;
using WaltG5k.Core.Walt.Logs;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Walt;

namespace WaltG5k.Bench;

/// <summary>Log lines of an emulated WalT server, from its sockets to objects: followed as they come, and read from history.</summary>
static class LogScenario
{
    const int Lines = 10_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 600, NodeCount = 1000 });
        var service = new DeploymentService(grid, SilentReporter.Instance);
        DeploymentPlan plan = await service.PlanAsync(new DeploymentRequest
        {
            Reserve = new ReservationRequest { NodeCounts = new Dictionary<string, int> { ["nancy"] = 1 }, ServerSite = "nancy",
                Walltime = new Walltime(TimeSpan.FromHours(10)) },
        });
        DeploymentInfo info = await (await service.StartAsync(plan)).Completion;
        if (info.State != DeploymentState.Ready)
            throw new InvalidOperationException($"The deployment is {info.State}: {string.Join("; ", info.Findings)}");
        await using WaltServer server = service.OpenServer(info);
        WaltHost host = grid.World.Parts.OfType<WaltPart>().Single().Find(grid.World.Nodes[server.Host])!;
        string node = info.Nodes[0].WaltName;

        await FollowAsync(grid, server, host, node, 100);     // code that has run once, as in any session
        (TimeSpan followed, double memory) = await FollowAsync(grid, server, host, node, Lines);
        long start = Stopwatch.GetTimestamp();
        int read = 0;
        await foreach (WaltLogLine _ in server.GetLogsAsync(new WaltLogQuery { Issuers = [node], Stream = "^bench$" })) read++;
        TimeSpan history = Stopwatch.GetElapsedTime(start);
        if (read != Lines + 100) throw new InvalidOperationException($"{read} lines were read from history.");
        return
        [
            Measurement.AtMost($"Get-WaltLog -Follow: {Lines} lines from the server's log to objects", followed.TotalSeconds, 2, "s"),
            Measurement.AtMost($"Get-WaltLog -Follow: memory kept after {Lines} lines", memory, 5, "MB"),
            Measurement.AtMost($"Get-WaltLog: {read} lines of history", history.TotalSeconds, 2, "s"),
        ];
    }

    /// <summary>
    /// From the first line that is logged to the last one that has come; and what is still in memory then, the server's own lines left out.
    /// </summary>
    static async Task<(TimeSpan Time, double Megabytes)> FollowAsync(TestbedGrid grid, WaltServer server, WaltHost host, string node, int count)
    {
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(2));
        int received = 0;
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (host.FollowerCount > 0) await Task.Delay(10, stop.Token);     // the one before
        Task following = Task.Run(async () =>
        {
            try
            {
                await foreach (WaltLogLine _ in server.FollowLogsAsync(new WaltLogQuery { Issuers = [node], Stream = "^bench$" }, stop.Token))
                    if (++received == count) done.SetResult();
            }
            catch (OperationCanceledException) { /* seen enough */ }
        });
        while (host.FollowerCount == 0) await Task.Delay(10, stop.Token);
        string[] lines = [.. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"line {i} of a log that is followed"))];
        lock (grid.World.Sync) host.Logs.EnsureCapacity(host.Logs.Count + count);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        foreach (string line in lines)
            lock (grid.World.Sync) host.Log(line, "bench", node);
        await done.Task.WaitAsync(stop.Token);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        long after = GC.GetTotalMemory(forceFullCollection: true);
        await stop.CancelAsync();
        await following;
        GC.KeepAlive(lines);
        return (time, (after - before) / 1e6);
    }
}
