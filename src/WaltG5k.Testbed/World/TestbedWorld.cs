using System.Collections.Concurrent;
using System.Net;
using WaltG5k.Testbed.Commands;

namespace WaltG5k.Testbed;

/// <summary>
/// All that exists in one testbed: sites, nodes, jobs, VLANs, WalT servers, and the clock they live by. The parts (OAR, Kadeploy, KaVLAN, API, WalT)
/// share it and nothing else; they lock <see cref="Sync"/> for every read or change of shared state and never wait while they hold it.
/// </summary>
public sealed partial class TestbedWorld
{
    public required TimeProvider Time { get; init; }
    public required string User { get; init; }
    /// <summary>The user's home folder on this machine, the same at every site.</summary>
    public string HomeDirectory { get; init; } = "";
    public Lock Sync { get; } = new();
    public IReadOnlyDictionary<string, SiteModel> Sites { get; init; } = new Dictionary<string, SiteModel>();
    public IReadOnlyDictionary<string, NodeModel> Nodes { get; init; } = new Dictionary<string, NodeModel>();
    /// <summary>Every job ever submitted, by site and id. Kept by the OAR part.</summary>
    public Dictionary<(string Site, long Id), JobModel> Jobs { get; } = [];
    public Faults.FaultBox Faults { get; init; } = new([], 1);
    /// <summary>Programs by name. Each part adds its own.</summary>
    public Dictionary<string, IEmulatedCommand> Commands { get; } = new(StringComparer.Ordinal);
    /// <summary>
    /// Where the ports of emulated hosts really are, on the loopback interface: WalT's 12345 and 80 of a deployed server, for example.
    /// </summary>
    public ConcurrentDictionary<(string Host, int Port), IPEndPoint> Endpoints { get; } = new();
    /// <summary>The emulated services, in the order in which they start.</summary>
    public List<ITestbedPart> Parts { get; } = [];
    /// <summary>Raised (outside the lock) after any change worth saving.</summary>
    public event Action? Changed;
    public void NotifyChanged() => Changed?.Invoke();

    public void Add(IEmulatedCommand command)
    {
        foreach (string name in command.Names) Commands[name] = command;
    }
}
