using System.Globalization;
using System.Net;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.Kavlan;

/// <summary>KaVLAN of one site, by the API or by its command: what it has, who is in it, and changes that are verified.</summary>
public sealed class KavlanService(IGrid grid, string site, KavlanWay way = KavlanWay.Automatic)
{
    static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);
    readonly VlanApi _api = new(grid, site);

    public string Site => site;

    /// <summary>The VLANs of the site with the jobs that hold them.</summary>
    /// <exception cref="G5kException"><c>SiteNotFound</c>, <c>ApiUnreachable</c> and others of the API.</exception>
    public async Task<IReadOnlyList<G5kVlan>> GetVlansAsync(CancellationToken cancellationToken = default)
    {
        Task<SiteStatus> status = new StatusApi(grid, site).GetAsync([], cancellationToken);
        IReadOnlyList<ApiVlan> vlans = await _api.ListAsync(cancellationToken).ConfigureAwait(false);
        Dictionary<string, VlanStatus> states = (await status.ConfigureAwait(false)).Vlans.ToDictionary(v => v.Id, StringComparer.Ordinal);
        return [.. vlans.Select(v => new G5kVlan(site, v.Id, v.Kind)
        {
            IsRemote = v.Type == "kavlan-global-remote",
            Jobs = states.GetValueOrDefault(v.Id)?.Jobs ?? [],
            IsFree = v.Kind != VlanKind.None && states.GetValueOrDefault(v.Id)?.Soft != "busy",
        })];
    }

    /// <summary>The same VLAN with its nodes and users.</summary>
    /// <exception cref="G5kException"><c>VlanNotFound</c>.</exception>
    public async Task<G5kVlan> AddDetailsAsync(G5kVlan vlan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vlan);
        // Everything that is not elsewhere is in DEFAULT, which has no users of its own.
        if (vlan.Kind == VlanKind.None) return vlan with { Nodes = await _api.GetNodesAsync(vlan.Id, cancellationToken).ConfigureAwait(false) };
        Task<IReadOnlyList<string>> users = _api.GetUsersAsync(vlan.Id, cancellationToken);
        IReadOnlyList<string> nodes = await _api.GetNodesAsync(vlan.Id, cancellationToken).ConfigureAwait(false);
        return vlan with { Nodes = nodes, Users = await users.ConfigureAwait(false) };
    }

    /// <summary>The ids of the VLANs of a job; empty when it has none, or is not running.</summary>
    public async Task<IReadOnlyList<string>> GetJobVlansAsync(long jobId, CancellationToken cancellationToken = default)
    {
        if (way != KavlanWay.Command)
        {
            try
            {
                OarJob? job = await new JobApi(grid, site).GetAsync(jobId, cancellationToken).ConfigureAwait(false);
                return [.. (job?.Vlans ?? []).Select(Text)];
            }
            catch (G5kException e) when (IsOutOfReach(e))
            {
                // The command knows it too.
            }
        }
        return await Command.GetJobVlanAsync(jobId, cancellationToken).ConfigureAwait(false) is { } id ? [Text(id)] : [];
    }

    /// <summary>
    /// Puts network addresses into a VLAN, verifies each by asking, and repeats for those still elsewhere, up to <paramref name="attempts"/> times
    /// without progress. What does not get there is a result.
    /// </summary>
    /// <param name="vlan">An id, or <c>DEFAULT</c>.</param>
    /// <param name="jobId">The job that holds the nodes, which the command has to be told; null: it is looked for among the user's jobs.</param>
    /// <exception cref="G5kException"><c>KavlanRefused</c>: no right, and no address was moved; <c>VlanNotFound</c>;
    /// <c>NoJobForKavlan</c>.</exception>
    public async Task<IReadOnlyList<KavlanNodeResult>> AttachAsync(
        string vlan, IReadOnlyList<string> networkAddresses, long? jobId = null, int attempts = 3, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        if (way != KavlanWay.Command)
        {
            try
            {
                return await new KavlanAttachment(new ApiVlanSwitch(_api, site), grid.Time, vlan)
                    .RunAsync(networkAddresses, attempts, s_pause, cancellationToken).ConfigureAwait(false);
            }
            catch (G5kException e) when (IsOutOfReach(e))
            {
                // The command does the same, one site and one job at a time.
            }
        }
        long job = jobId ?? await FindJobAsync(vlan, networkAddresses, cancellationToken).ConfigureAwait(false);
        return await Command.AttachAsync(job, vlan, networkAddresses, attempts, s_pause, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts or stops Grid'5000's DHCP in a VLAN.</summary>
    /// <param name="jobId">As for <see cref="AttachAsync"/>.</param>
    /// <exception cref="G5kException"><c>KavlanRefused</c>, <c>KavlanDhcpFailed</c>, <c>VlanNotFound</c>, <c>NoJobForKavlan</c>.</exception>
    public async Task SetDhcpAsync(string vlan, bool isEnabled, long? jobId = null, CancellationToken cancellationToken = default)
    {
        if (!int.TryParse(vlan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) throw ReferenceErrors.VlanNotFound(site, vlan);
        if (way != KavlanWay.Command)
        {
            try
            {
                await _api.SetDhcpAsync(vlan, isEnabled, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (ApiRefusedException e) when (e.Status == HttpStatusCode.Forbidden)
            {
                throw Refused(vlan, $"The DHCP service of VLAN {vlan} at {site} was not {(isEnabled ? "started" : "stopped")}", e);
            }
            catch (G5kException e) when (IsOutOfReach(e))
            {
                // By the command.
            }
        }
        await Command.SetDhcpAsync(jobId ?? await FindJobAsync(vlan, [], cancellationToken).ConfigureAwait(false), number, isEnabled,
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets somebody else work with a VLAN of one's own, or no longer. Only the API can.</summary>
    /// <exception cref="G5kException"><c>KavlanRefused</c>, <c>VlanNotFound</c>.</exception>
    public async Task SetUserAsync(string vlan, string user, bool isAuthorized, CancellationToken cancellationToken = default)
    {
        try
        {
            await _api.SetUserAsync(vlan, user, isAuthorized, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiRefusedException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            throw Refused(vlan, $"The users of VLAN {vlan} at {site} were not changed", e);
        }
    }

    KavlanClient Command => new(grid.GetFrontend(site), grid.Time);

    /// <summary>A running job of the user that holds the nodes, or the VLAN where no nodes are meant.</summary>
    async Task<long> FindJobAsync(string vlan, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        OarClient oar = OarClient.For(grid, site);
        HashSet<string> hosts = [.. addresses.Select(HostOf)];
        foreach (OarJob job in await oar.FindJobsAsync(grid.User, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (job.State != OarJobState.Running || !job.Types.Contains("deploy")) continue;
            OarJob whole = await oar.GetJobAsync(job.Id, cancellationToken).ConfigureAwait(false) ?? job;
            if (hosts.Count > 0 ? whole.Nodes.Any(n => hosts.Contains(n.Split('.')[0]))
                : await Command.GetJobVlanAsync(job.Id, cancellationToken).ConfigureAwait(false) is { } id && Text(id) == vlan) return job.Id;
        }
        throw new G5kException("NoJobForKavlan", ErrorKind.ObjectNotFound,
            $"No running job of the type deploy at {site} holds these nodes or that VLAN.", vlan,
            $"Your jobs: Get-OarJob -Site {site}; one with a VLAN: New-G5kReservation -Site {site} -Nodes 2 -Vlan Local");
    }

    /// <summary>gros-1-eth1.nancy.grid5000.fr is of the node gros-1.</summary>
    static string HostOf(string address)
    {
        string host = address.Split('.')[0];
        int adapter = host.IndexOf("-eth", StringComparison.Ordinal);
        return adapter > 0 ? host[..adapter] : host;
    }

    /// <summary>The API did not do it, nor say why not.</summary>
    bool IsOutOfReach(G5kException e) => way == KavlanWay.Automatic
        && (e.Code is "ApiUnreachable" or "ApiTimeout" or "ApiUnreadable" || e is ApiRefusedException { Status: HttpStatusCode.Unauthorized });

    G5kException Refused(string vlan, string what, ApiRefusedException e) =>
        new("KavlanRefused", ErrorKind.PermissionDenied, $"{what}: {e.Text}", vlan,
        $"The VLAN must be one of a running job of yours: Get-G5kVlan -Site {site}; the right on a global VLAN may take minutes to reach {site}.", e);

    static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);
}
