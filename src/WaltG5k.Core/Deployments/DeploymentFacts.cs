using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Deployments;

/// <summary>
/// All that a deployment has found out: what its steps produce and need. Written to the journal at each change, so that a resumed deployment knows
/// it.
/// </summary>
sealed record DeploymentFacts
{
    public Reservation? Reservation { get; init; }
    /// <summary>True when this deployment (or New-G5kReservation for it) made the jobs: a failure may then delete them.</summary>
    public bool MayRelease { get; init; }
    public string? Server { get; init; }
    /// <summary>The second adapter as the system names it (<c>eno2</c>) and as KaVLAN does (<c>gros-1-eth1.nancy.grid5000.fr</c>).</summary>
    public string? ServerNic { get; init; }
    public string? ServerNicAddress { get; init; }
    public int? VlanId { get; init; }
    public IReadOnlyList<DeploymentNode> Nodes { get; init; } = [];
    /// <summary>Full names of nodes given up on the way, with the finding's code.</summary>
    public IReadOnlyDictionary<string, string> Excluded { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<DeploymentNode> UsableNodes => [.. Nodes.Where(n => !Excluded.ContainsKey(n.Name))];
    public string VlanSite => Reservation?.Jobs.FirstOrDefault(j => j.HoldsVlan)?.Site
        ?? throw new InvalidOperationException("The reservation holds no VLAN.");
    public string ServerSite => Reservation?.ServerSite ?? throw new InvalidOperationException("The reservation has no server site.");
    public ReservationJob JobAt(string site) => Reservation!.Jobs.First(j => j.Site == site);
}
