using System.Text.Json.Nodes;
using WaltG5k.Testbed.Commands;
using WaltG5k.Testbed.Oar.Commands;
using WaltG5k.Testbed.Oar.Jobs;

namespace WaltG5k.Testbed.Oar;

/// <summary>OAR of every site of the testbed, as seen through its programs.</summary>
public sealed class OarPart : ITestbedPart
{
    /// <summary>What <c>-V</c> prints.</summary>
    public const string VersionLine = "OAR version : 2.5.9 (Canicule)";
    /// <summary>Ids of different sites are far apart.</summary>
    const long FirstJobId = 2_000_001, JobIdsPerSite = 100_000;

    readonly TestbedWorld _world;
    readonly Lazy<SortedDictionary<string, OarServer>> _servers;
    IJobRunner? _runner;

    public OarPart(TestbedWorld world)
    {
        _world = world;
        _servers = new Lazy<SortedDictionary<string, OarServer>>(CreateServers);
        OarCommand[] commands =
        [
            new OarsubCommand(this), new OarstatCommand(this), new OardelCommand(this), new OarnodesCommand(this), new OarwalltimeCommand(this),
            new HoldCommand(this), new OarprintCommand(this), new UsagePolicyCommand(this),
        ];
        foreach (OarCommand command in commands) world.Add(command);
    }

    public string Name => "oar";

    /// <summary>
    /// The folder that stands for the user's home on the front-ends: the commands of jobs really run there. Null: a command does nothing until the
    /// walltime. To be set before the part starts.
    /// </summary>
    public string? JobDirectory { get; init; }

    /// <summary>Commands of emulated programs run in the testbed's time, whatever the rest does. To be set before the part starts.</summary>
    public bool EmulateJobs { get; init; }

    /// <summary>Environment variables for the processes of jobs, beside those of OAR.</summary>
    public IReadOnlyDictionary<string, string> ProcessEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>How many jobs of other users run or wait at each site of a fresh testbed.</summary>
    public int BackgroundJobs { get; init; }

    /// <summary>By site. Made on first use, when the options of the part are known.</summary>
    public IReadOnlyDictionary<string, OarServer> Servers => _servers.Value;

    public OarServer? FindServer(string site) => _servers.Value.GetValueOrDefault(site);

    public JsonNode? Save() => JobStore.Save(_servers.Value.Values);

    public void Load(JsonNode state) => JobStore.Load(state, Servers);

    public void Start()
    {
        foreach (OarServer server in _servers.Value.Values)
        {
            if (server.Jobs.Count == 0) BackgroundLoad.AddTo(server, BackgroundJobs);
            server.Start();
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_servers.IsValueCreated)
        {
            foreach (OarServer server in _servers.Value.Values) server.Dispose();
        }
        (_runner as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Where a program runs: what the caller says, or the home on the front-end.</summary>
    internal static string CurrentDirectory(CommandContext context) => context.Environment.GetValueOrDefault("PWD") ?? $"/home/{context.User}";

    SortedDictionary<string, OarServer> CreateServers()
    {
        _runner = JobDirectory is null ? null : new JobProcessRunner(JobDirectory, ProcessEnvironment);
        if (EmulateJobs) _runner = new VirtualMachines.MachineJobRunner(_world, new EmulatedJobRunner(_world, _runner));
        var servers = new SortedDictionary<string, OarServer>(StringComparer.Ordinal);
        foreach (SiteModel site in _world.Sites.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            servers[site.Name] = new OarServer(_world, site, FirstJobId + servers.Count * JobIdsPerSite, _runner);
        }
        return servers;
    }
}
