using WaltG5k.Core.Frontends;

namespace WaltG5k.Core.Kavlan;

/// <summary>What became of one network address.</summary>
/// <param name="Vlan">Where it is now: an id or <c>DEFAULT</c>; null when kavlan said nothing about it.</param>
public sealed record KavlanNodeResult(string NetworkAddress, string? Vlan, bool IsAttached, int Attempts);

/// <summary>KaVLAN of one site through its command.</summary>
public sealed partial class KavlanClient(IFrontend frontend, TimeProvider time)
{
    /// <summary>The id of the job's VLAN, or null when it has none.</summary>
    public partial Task<int?> GetJobVlanAsync(long jobId, CancellationToken cancellationToken = default);

    /// <summary>Where each address is; an address that kavlan left out is not in the result.</summary>
    public partial Task<IReadOnlyDictionary<string, string>> GetVlansAsync(IReadOnlyList<string> networkAddresses, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts addresses into a VLAN, verifies each by asking, and repeats for those still elsewhere: up to <paramref name="attempts"/> times
    /// without progress, <paramref name="pause"/> apart. A missing line counts as not attached.
    /// </summary>
    public partial Task<IReadOnlyList<KavlanNodeResult>> AttachAsync(
        long jobId, string vlan, IReadOnlyList<string> networkAddresses, int attempts = 3, TimeSpan? pause = null, CancellationToken cancellationToken = default);

    /// <summary>Stops or starts Grid'5000's DHCP in the VLAN.</summary>
    public partial Task SetDhcpAsync(long jobId, int vlan, bool enabled, CancellationToken cancellationToken = default);
}
