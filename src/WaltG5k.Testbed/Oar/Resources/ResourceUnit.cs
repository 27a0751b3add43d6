namespace WaltG5k.Testbed.Oar.Resources;

public enum ResourceKind
{
    Node,
    Vlan,
    Subnet,
}

/// <summary>What jobs get as a whole: a node (one row of OAR's table per core), a VLAN or a subnet (one row each).</summary>
public sealed class ResourceUnit
{
    public required int Index { get; init; }
    public required ResourceKind Kind { get; init; }
    public required string Site { get; init; }
    /// <summary>The id of its first row in OAR's table.</summary>
    public required int FirstId { get; init; }
    public required int RowCount { get; init; }
    public NodeModel? Node { get; init; }
    public VlanModel? Vlan { get; init; }
    /// <summary>From 1, for a subnet.</summary>
    public int SubnetNumber { get; init; }

    /// <summary>The host name; empty for what has none.</summary>
    public string NetworkAddress => Node?.Name ?? "";
    public string State => Node?.OarState ?? "Alive";
    public bool IsAlive => Node is null || Node.OarState == "Alive" || Node.IsStandby;
    public IEnumerable<int> Ids => Enumerable.Range(FirstId, RowCount);

    /// <summary>Whether jobs of a queue may have it.</summary>
    public bool IsInQueue(string queue) =>
        Node is null || queue is "admin" or "besteffort" || Node.Cluster.Queues.Count == 0 || Node.Cluster.Queues.Contains(queue);

    public override string ToString() => Node?.Name ?? (Vlan is null ? $"subnet {SubnetNumber}" : $"vlan {Vlan.Id}");
}

/// <summary>One row of OAR's table of resources.</summary>
public readonly record struct ResourceRow(ResourceUnit Unit, int Offset)
{
    public int Id => Unit.FirstId + Offset;
}
