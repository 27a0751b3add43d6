using System.Collections.Immutable;
using WaltG5k.Core.Grid5000;

namespace WaltG5k.Core.Reservations.Planning.Reading;

/// <summary>What of a node does not change with its jobs.</summary>
sealed record NodeFacts
{
    public static NodeFacts Unknown { get; } = new();

    public string? Cluster { get; init; }
    public IReadOnlyList<string> Queues { get; init; } = [];
    public bool IsExotic { get; init; }
    public string Architecture { get; init; } = "";
    public int Cores { get; init; }
    public long Memory { get; init; }
    public int KavlanNics { get; init; }
    public bool CanBeWaltServer { get; init; }
    public bool CanBeWaltNode { get; init; }
    public TimeSpan? MaxWalltime { get; init; }

    public static NodeFacts From(NodeInfo node) => new()
    {
        Cluster = node.Cluster,
        Queues = node.Queues,
        IsExotic = node.IsExotic,
        Architecture = node.Architecture,
        Cores = node.Cores,
        Memory = node.Memory,
        KavlanNics = node.KavlanNicCount,
        CanBeWaltServer = node.CanBeWaltServer,
        CanBeWaltNode = node.CanBeWaltNode,
        MaxWalltime = node.MaxWalltime,
    };

    /// <param name="name">The full name: <c>gros-12.nancy.grid5000.fr</c> is of the cluster gros when nobody says otherwise.</param>
    public NodeElement ToElement(string site, string name, NodeHealth health, ImmutableArray<BusyPeriod> busy, IReadOnlyList<DiskElement> disks)
    {
        string host = name.Split('.')[0];
        return new NodeElement(site, Cluster ?? host[..Math.Max(0, host.LastIndexOf('-'))], name)
        {
            Busy = busy,
            Health = health,
            Queues = Queues,
            IsExotic = IsExotic,
            Architecture = Architecture,
            Cores = Cores,
            Memory = Memory,
            KavlanNics = KavlanNics,
            CanBeWaltServer = CanBeWaltServer,
            CanBeWaltNode = CanBeWaltNode,
            MaxWalltime = MaxWalltime,
            Disks = disks,
        };
    }
}
