using System.Globalization;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Core.Deployments.Steps;

/// <summary>The network of the platform: rights, Grid'5000's DHCP off, the server's second adapter and the nodes moved in.</summary>
static class VlanSteps
{
    public static DeploymentStep Rights(string site) =>
        new($"vlan.rights.{site}", $"Wait for the right on the VLAN to reach {site}", async (context, cancellationToken) =>
    {
        int vlan = context.Facts.VlanId!.Value;
        // The right to a global VLAN spreads to the other sites in its own time.
        for (int tries = 1; ; tries++)
        {
            IReadOnlyList<string> users = await context.Api.GetVlanUsersAsync(site, vlan, cancellationToken).ConfigureAwait(false);
            if (users.Contains(context.Grid.User)) return tries == 1 ? $"{context.Grid.User} may use VLAN {vlan}" : $"after {tries} tries";
            if (tries == 12)
                throw new G5kException("VlanRightsMissing", ErrorKind.PermissionDenied,
                    $"{site} does not grant {context.Grid.User} the VLAN {vlan}, although the job holds it.", site,
                    "Resume-WaltDeployment in a few minutes, or deploy without this site; support-staff@lists.grid5000.fr can tell why.");
            await Task.Delay(TimeSpan.FromSeconds(10), context.Time, cancellationToken).ConfigureAwait(false);
        }
    })
    { Needs = ["vlan.id", $"job.{site}"], Expected = TimeSpan.FromSeconds(1) };

    public static DeploymentStep DhcpOff(string vlanSite) =>
        new("vlan.dhcp", "Stop Grid'5000's DHCP in the VLAN", async (context, cancellationToken) =>
    {
        await context.Kavlan(vlanSite).SetDhcpAsync(context.Facts.JobAt(vlanSite).JobId, context.Facts.VlanId!.Value, enabled: false,
            cancellationToken).ConfigureAwait(false);
        return $"DHCP of VLAN {context.Facts.VlanId} is off";
    })
    { Needs = [$"vlan.rights.{vlanSite}"], Attempts = 3, Expected = TimeSpan.FromSeconds(5) };

    /// <summary>
    /// Before the server is set up: WalT serves DHCP on that adapter, and must never do so in Grid'5000's default network.
    /// </summary>
    public static DeploymentStep AttachServer(string site) =>
        new("vlan.server", "Move the server's second adapter into the VLAN", async (context, cancellationToken) =>
    {
        string address = context.Facts.ServerNicAddress!;
        KavlanNodeResult result = (await AttachAsync(context, site, [address], cancellationToken).ConfigureAwait(false))[0];
        if (result.IsAttached) return $"{address} in VLAN {context.Facts.VlanId}";
        throw new G5kException("VlanNotSet", ErrorKind.ResourceUnavailable,
            $"KaVLAN did not move {address} into VLAN {context.Facts.VlanId}; it is in {result.Vlan ?? "an unknown VLAN"}.", address,
            "Resume-WaltDeployment to try again. When it happens again, the switch port is at fault: deploy on other nodes and tell support-staff@lists.grid5000.fr.");
    })
    { Needs = [$"vlan.rights.{site}", $"resources.{site}"], Attempts = 2, Timeout = TimeSpan.FromMinutes(5), Expected = TimeSpan.FromSeconds(6) };

    public static DeploymentStep AttachNodes(string site) =>
        new($"vlan.nodes.{site}", $"Move the nodes of {site} into the VLAN", async (context, cancellationToken) =>
    {
        DeploymentNode[] nodes = [.. context.Facts.UsableNodes.Where(n => n.Site == site)];
        if (nodes.Length == 0) return "no node";
        IReadOnlyList<KavlanNodeResult> results = await AttachAsync(context, site, [.. nodes.Select(n => n.Name)], cancellationToken)
            .ConfigureAwait(false);
        foreach (KavlanNodeResult result in results.Where(r => !r.IsAttached))
            context.Exclude(nodes.First(n => n.Name == result.NetworkAddress), Findings.VlanNotSet(result, context.Facts.VlanId!.Value));
        context.EnsureEnoughNodes();
        int retried = results.Count(r => r.IsAttached && r.Attempts > 1);
        return $"{results.Count(r => r.IsAttached)} node(s) in VLAN {context.Facts.VlanId}" + (retried > 0 ? $", {retried} at a second try" : "");
    })
    { Needs = [$"vlan.rights.{site}", $"resources.{site}"], Attempts = 2, Timeout = TimeSpan.FromMinutes(10), Expected = TimeSpan.FromSeconds(20) };

    static Task<IReadOnlyList<KavlanNodeResult>> AttachAsync(DeploymentContext context, string site, IReadOnlyList<string> addresses,
        CancellationToken cancellationToken) =>
        context.Kavlan(site).AttachAsync(context.Facts.JobAt(site).JobId, context.Facts.VlanId!.Value.ToString(CultureInfo.InvariantCulture),
        addresses, cancellationToken: cancellationToken);
}
