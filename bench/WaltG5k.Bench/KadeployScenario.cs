using System.Diagnostics;
using System.Globalization;
using WaltG5k.Core;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Core.Oar;
using WaltG5k.Testbed;

namespace WaltG5k.Bench;

/// <summary>
/// 500 nodes of five sites deployed at once on the emulated Kadeploy, whose steps take a sixtieth of their time. What the whole takes beyond the
/// steps of the slowest site is what the client and the emulation cost. One node of another site is deployed before, so that nothing is compiled on
/// the way.
/// </summary>
static class KadeployScenario
{
    const int NodesPerSite = 100;
    const double Speed = 60;
    static readonly string[] s_sites = ["nancy", "grenoble", "lyon", "nantes", "rennes"];

    public static async Task<IReadOnlyList<Measurement>> RunAsync()
    {
        await using TestbedGrid grid = await TestbedGrid.OpenAsync(new TestbedOptions { Speed = Speed, NodeCount = 4000 });
        await DeployAsync(grid, await ReserveAsync(grid, "lille", 1));
        var nodes = new List<string>();
        foreach (string site in s_sites) nodes.AddRange(await ReserveAsync(grid, site, NodesPerSite));
        long start = Stopwatch.GetTimestamp();
        NodeDeploymentSummary summary = await DeployAsync(grid, nodes);
        TimeSpan real = Stopwatch.GetElapsedTime(start);
        if (summary.Good.Count != nodes.Count) throw new InvalidOperationException($"{summary.Good.Count} of {nodes.Count} nodes are deployed.");
        TimeSpan slowest = summary.Results.Max(r => r.Duration) / Speed;
        return
        [
            new("deployment, 5 sites, 500 nodes: emulated steps of the slowest site",
                string.Create(CultureInfo.InvariantCulture, $"{slowest.TotalSeconds:0.00} s"), "", null),
            new("deployment, 5 sites, 500 nodes: in all", string.Create(CultureInfo.InvariantCulture, $"{real.TotalSeconds:0.00} s"), "", null),
            Measurement.AtMost("deployment, 5 sites, 500 nodes: beyond the steps", (real - slowest).TotalSeconds, 2, "s"),
        ];
    }

    static Task<NodeDeploymentSummary> DeployAsync(TestbedGrid grid, IReadOnlyList<string> nodes)
    {
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
        return Task.Run(() => deployment.RunAsync());
    }

    static async Task<IReadOnlyList<string>> ReserveAsync(TestbedGrid grid, string site, int count)
    {
        OarClient oar = OarClient.For(grid, site);
        OarSubmission made = await oar.SubmitAsync(new OarJobRequest
        {
            Resources = OarResources.Join(OarResources.Nodes(count)),
            Walltime = new Walltime(TimeSpan.FromHours(2)),
            Types = ["deploy"],
            Command = "sleep 7200",
        });
        OarJob job = await oar.WaitRunningAsync(made.JobId, TimeSpan.FromMinutes(10));
        return job.Nodes;
    }
}
