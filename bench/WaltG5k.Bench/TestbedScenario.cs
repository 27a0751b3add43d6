using System.Diagnostics;
using WaltG5k.Core.Grid5000;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>A testbed of 10 000 nodes: how soon the first node comes out, and how much memory all of them take.</summary>
static class TestbedScenario
{
    const int Nodes = 10_000;

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        var clock = Stopwatch.StartNew();
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { NodeCount = Nodes });
        TimeSpan opened = clock.Elapsed;
        clock.Restart();
        var api = new Grid5000Client(grid);
        TimeSpan first = TimeSpan.Zero;
        int count = 0;
        await foreach (SiteInfo site in api.GetSitesAsync())
            await foreach (ClusterInfo cluster in api.GetClustersAsync(site.Name))
                await foreach (NodeInfo _ in api.GetNodesAsync(cluster))
                    if (count++ == 0) first = clock.Elapsed;
        using var self = Process.GetCurrentProcess();
        return
        [
            new($"testbed of {count} nodes: open it, in a process that has just started", $"{opened.TotalMilliseconds:0} ms", "", null),
            Measurement.AtMost($"testbed of {count} nodes: to the first node", first.TotalMilliseconds, 300, "ms"),
            Measurement.AtMost($"testbed of {count} nodes: peak memory of the process", self.PeakWorkingSet64 / 1e6, 400, "MB"),
        ];
    }
}
