using System.Globalization;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Machines in a VLAN: its number, the right to it, the hosts' adapters, and who gives addresses there.</summary>
static class VMVlanSteps
{
    const int RightTries = 12;
    static readonly TimeSpan s_rightPause = TimeSpan.FromSeconds(10);

    public static VMStep VlanId(IReadOnlyList<string> jobs) => new("vlan.id", "Read the number of the VLAN", async (context, cancellationToken) =>
    {
        Reservations.ReservationJob job = context.Reservation!.Jobs.FirstOrDefault(j => j.HoldsVlan) ?? throw NoVlan(context.Reservation.ToString());
        int id = await context.Kavlan(job.Site).GetJobVlanAsync(job.JobId, cancellationToken).ConfigureAwait(false) ?? throw NoVlan(job.ToString());
        context.Update(f => f with { VlanId = id });
        return $"VLAN {id}";
    })
    { Needs = jobs, Attempts = 3 };

    public static VMStep Rights(string site) =>
        new($"vlan.rights.{site}", $"Wait for the right on the VLAN to reach {site}", async (context, cancellationToken) =>
    {
        int vlan = context.Facts.VlanId!.Value;
        for (int tries = 1; ; tries++)
        {
            IReadOnlyList<string> users = await context.Api.GetVlanUsersAsync(site, vlan, cancellationToken).ConfigureAwait(false);
            if (users.Contains(context.Grid.User)) return $"{context.Grid.User} may use VLAN {vlan}";
            if (tries == RightTries)
                throw new G5kException("VlanRightsMissing", ErrorKind.PermissionDenied,
                    $"{site} does not grant {context.Grid.User} the VLAN {vlan}, although the job holds it.", site,
                    "Try again in a few minutes, or without this site.");
            await Task.Delay(s_rightPause, context.Time, cancellationToken).ConfigureAwait(false);
        }
    })
    { Needs = ["vlan.id"], Expected = TimeSpan.FromSeconds(1) };

    /// <summary>A local VLAN is reached from nowhere: the hosts stay in the default network and give their second adapters.</summary>
    public static VMStep AttachHosts(string site) =>
        new($"vlan.hosts.{site}", $"Move the second adapters of the hosts of {site} into the VLAN", async (context, cancellationToken) =>
    {
        DeployedHost[] hosts = [.. context.Hosts.Where(h => h.Site == site)];
        IReadOnlyList<KavlanNodeResult> results = await context.Kavlan(site)
            .AttachAsync(context.JobAt(site).JobId, context.Facts.VlanId!.Value.ToString(CultureInfo.InvariantCulture),
            [.. hosts.Select(h => h.VlanNicAddress!)], cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (KavlanNodeResult failed in results.Where(r => !r.IsAttached))
        {
            DeployedHost host = hosts.First(h => h.VlanNicAddress == failed.NetworkAddress);
            context.Lose(host, VMFindings.HostLost("vlan.hosts", host,
                new G5kException("VlanNotSet", ErrorKind.ResourceUnavailable, $"KaVLAN did not move {failed.NetworkAddress}.", host.Name,
                "Deploy on other nodes.")));
        }
        context.EnsureEnough();
        return $"{context.Hosts.Count} host(s)";
    })
    { Needs = ["topology", $"vlan.rights.{site}"], Attempts = 2, Timeout = TimeSpan.FromMinutes(10), Expected = TimeSpan.FromSeconds(20) };

    public static VMStep Dhcp() => new("network.dhcp", "Give addresses and names in the VLAN from one of the hosts", VlanService.StartAsync)
        { Needs = ["addresses"], Follows = [VMStages.Packages], Expected = TimeSpan.FromSeconds(70), Timeout = TimeSpan.FromHours(1) };

    static G5kException NoVlan(string job) =>
        new("JobHasNoVlan", ErrorKind.ResourceUnavailable, $"The job {job} holds no VLAN.", job,
        "Reserve with -Vlan Routed, or -Vlan Global for several sites.");
}
