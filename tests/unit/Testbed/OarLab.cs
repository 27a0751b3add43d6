using System.Text.Json;
using WaltG5k.Testbed;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Faults;
using WaltG5k.Testbed.Oar;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Tests.Testbed;

/// <summary>What a program answered.</summary>
sealed record Answer(int ExitCode, IReadOnlyList<string> Lines, string Errors)
{
    public string Output => string.Join('\n', Lines);
    public long JobId => long.Parse(Output.Split('\n').First(l => l.StartsWith("OAR_JOB_ID=", StringComparison.Ordinal))["OAR_JOB_ID=".Length..],
        System.Globalization.CultureInfo.InvariantCulture);

    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Two small sites with OAR, on a Tuesday at 10:00 in Paris.</summary>
sealed class OarLab : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 24, 9, 0, 0, TimeSpan.Zero);

    public OarLab(params FaultSpecification[] faults) : this(faults, null)
    {
    }

    public OarLab(FaultSpecification[] faults, string? jobDirectory = null, int nodes = 24, int background = 0, ManualTime? clock = null)
    {
        Clock = clock ?? new ManualTime(Start);
        var sites = new Dictionary<string, SiteModel>
        {
            ["arles"] = CreateSite("arles", 11, ("argon", nodes, 8, false), ("ambre", 12, 16, false), ("aster", 4, 4, true)),
            ["brest"] = CreateSite("brest", 12, ("basalt", 16, 16, false), ("bruyere", 8, 8, false)),
        };
        World = new TestbedWorld
        {
            Time = Clock,
            User = "jdoe",
            Sites = sites,
            Nodes = sites.Values.SelectMany(s => s.Clusters).SelectMany(c => c.Nodes).ToDictionary(n => n.Name),
            Faults = new FaultBox(faults, 1),
        };
        Part = new OarPart(World) { JobDirectory = jobDirectory, BackgroundJobs = background };
    }

    public ManualTime Clock { get; }
    public TestbedWorld World { get; }
    public OarPart Part { get; }
    public OarServer Arles => Part.Servers["arles"];

    public OarLab Started()
    {
        Part.Start();
        return this;
    }

    public Task<Answer> RunAsync(string command, params string[] arguments) => RunAsAsync("jdoe", "arles", "", command, arguments);

    public async Task<Answer> RunAsAsync(string user, string site, string input, string command, params string[] arguments) =>
        await Clock.RunAsync(() => BeginAsync(user, site, input, command, arguments));

    public async Task<Answer> BeginAsync(string user, string site, string input, string command, string[] arguments, Action<string>? onLine = null,
        CancellationToken interrupted = default)
    {
        var lines = new List<string>();
        var errors = new List<string>();
        int exitCode = await World.Commands[command].RunAsync(command, new CommandContext
        {
            World = World, Site = site, User = user, Arguments = arguments, Input = input, Environment = new Dictionary<string, string>(),
                Terminal = false,
            WriteLine = line =>
            {
                lines.Add(line);
                onLine?.Invoke(line);
            },
            WriteErrorLine = errors.Add, Interrupted = interrupted,
        });
        return new Answer(exitCode, lines, string.Join('\n', errors));
    }

    public void Advance(double seconds) => Clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Submits a job that has to be accepted.</summary>
    public async Task<OarJob> SubmitAsync(params string[] arguments)
    {
        Answer answer = await RunAsync("oarsub", arguments);
        Assert.True(answer.ExitCode == 0, $"{answer.ExitCode}: {answer.Output} {answer.Errors}");
        return Arles.Jobs[answer.JobId];
    }

    /// <summary>The job as <c>oarstat -J -f</c> shows it.</summary>
    public async Task<JsonElement> ShowAsync(OarJob job)
    {
        string id = job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return (await RunAsync("oarstat", "-J", "-f", "-j", id)).Json.GetProperty(id);
    }

    /// <summary>A local date, from now.</summary>
    public string In(double seconds) => OarFormat.Date(Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds());

    public async ValueTask DisposeAsync() => await Part.DisposeAsync();

    static SiteModel CreateSite(string name, int globalVlan, params (string Name, int Nodes, int Cores, bool Exotic)[] clusters)
    {
        var site = new SiteModel(name);
        foreach ((string cluster, int nodes, int cores, bool exotic) in clusters)
        {
            var model = new ClusterModel(name, cluster) { IsExotic = exotic, Cores = cores, RamGiB = 64, Queues = ["default", "besteffort"] };
            NicModel[] nics = [Nic(0, mounted: true), Nic(1, mounted: false)];
            for (int i = 1; i <= nodes; i++) model.Nodes.Add(new NodeModel(model, i) { Nics = nics });
            site.Clusters.Add(model);
        }
        for (int id = 1; id <= 9; id++) site.Vlans[id] = new VlanModel(name, id, id <= 3 ? "kavlan-local" : "kavlan");
        site.Vlans[globalVlan] = new VlanModel(name, globalVlan, "kavlan-global");
        return site;
    }

    static NicModel Nic(int number, bool mounted) =>
        new($"eth{number}", $"eno{number + 1}", "ixgbe", 10, mounted, true, true, true, "E", $"02:00:00:00:00:{number:x2}");
}
