using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>
/// 500 nodes of five sites deployed at once on the emulated Kadeploy. The clock jumps over the emulated steps, so that the real time is what the client
/// and the emulation cost; the virtual time beyond that of the slowest site is what the client waits without need.
/// </summary>
static class KadeployScenario
{
    const int NodesPerSite = 100;
    static readonly string[] s_sites = ["nancy", "grenoble", "lyon", "nantes", "rennes"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = 0, NodeCount = 4000 });
        var nodes = new List<string>();
        foreach (string site in s_sites) nodes.AddRange(await ReserveAsync(grid, site));
        var request = new NodeDeploymentRequest { Nodes = nodes, Order = new KadeployRequest { Nodes = nodes, Environment = "debian12-min" } };
        var deployment = new NodeDeployment(request, s => new CommandChannel(grid.GetFrontend(s), grid.Time, DeploymentFiles.None),
            (_, _) => Task.FromResult<IReadOnlyCollection<string>>([]), grid.Time, SilentReporter.Instance);
        // A progress bar reads the states a few times a second.
        long shown = 0;
        deployment.OnChange = () =>
        {
            if (Stopwatch.GetElapsedTime(shown) < TimeSpan.FromMilliseconds(200)) return;
            shown = Stopwatch.GetTimestamp();
            _ = deployment.Status.Count(s => s.Result is not null);
        };
        long virtualStart = grid.Time.GetTimestamp();
        long start = Stopwatch.GetTimestamp();
        NodeDeploymentSummary summary = await Task.Run(() => deployment.RunAsync());
        TimeSpan real = Stopwatch.GetElapsedTime(start), passed = grid.Time.GetElapsedTime(virtualStart);
        if (summary.Good.Count != nodes.Count) throw new InvalidOperationException($"{summary.Good.Count} of {nodes.Count} nodes are deployed.");
        TimeSpan slowest = summary.Results.Max(r => r.Duration);
        return
        [
            new("deployment, 5 sites, 500 nodes: emulated steps of the slowest", string.Create(CultureInfo.InvariantCulture, $"{slowest.TotalSeconds:0} s (virtual)"), "", null),
            new("deployment, 5 sites, 500 nodes: virtual time in all", string.Create(CultureInfo.InvariantCulture, $"{passed.TotalSeconds:0.0} s (virtual)"), "", null),
            Measurement.AtMost("deployment, 5 sites, 500 nodes: client and emulation, without the steps", real.TotalSeconds, 2, "s"),
        ];
    }

    static async Task<IReadOnlyList<string>> ReserveAsync(TestbedGrid grid, string site)
    {
        OarClient oar = OarClient.For(grid, site);
        OarSubmission made = await oar.SubmitAsync(new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Nodes(NodesPerSite)),
            Walltime = new Walltime(TimeSpan.FromHours(2)),
            Types = ["deploy"],
            Command = "sleep 7200",
        });
        OarJob job = await oar.WaitRunningAsync(made.JobId, TimeSpan.FromMinutes(10));
        return job.Nodes;
    }
}
