using WaltG5k.Core.Walt;

namespace WaltG5k.Core.Deployments.Steps;

/// <summary>The nodes: registered, routed to their image, rebooted, waited for.</summary>
static class NodeSteps
{
    /// <summary>Firmware, a boot loader over TFTP across sites, and the system's start, with some reserve (130 + 240 + 35 s are usual).</summary>
    static readonly TimeSpan s_bootTimeout = TimeSpan.FromMinutes(9);
    /// <summary>
    /// Firmware takes some two minutes and then asks for an address for one more: nodes rebooted longer ago than this have given up when the server
    /// comes that late, because its deployment was repeated or the deployment was resumed.
    /// </summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(170), s_lastChance = TimeSpan.FromMinutes(1);
    /// <summary>Hard reboots of a node that did not come, after the first one.</summary>
    const int Retries = 2;

    public static DeploymentStep Register(IEnumerable<string> sites) =>
        new("nodes.register", "Register the nodes on the WalT server", async (context, cancellationToken) =>
    {
        if (context.Facts.Nodes.Count > WaltNetwork.Capacity)
            throw new G5kException("TooManyNodes", ErrorKind.LimitsExceeded,
                $"A WalT network holds {WaltNetwork.Capacity} nodes, not {context.Facts.Nodes.Count}.", context.Id, "Deploy two platforms.");
        // A node that was faster than we are has an address already, and keeps it.
        Dictionary<string, string> known = (await context.Server.GetNodesAsync(cancellationToken).ConfigureAwait(false))
            .ToDictionary(n => n.Mac, n => n.Ip, StringComparer.OrdinalIgnoreCase);
        var free = new Queue<string>(Enumerable.Range(0, WaltNetwork.Capacity).Select(WaltNetwork.NodeAddress).Except(known.Values));
        context.Update(f => f with { Nodes = [.. f.Nodes.Select(n => n with { Ip = known.GetValueOrDefault(n.Mac) ?? free.Dequeue() })] });
        foreach (DeploymentNode node in context.Facts.UsableNodes)
            await RegisterAsync(context, node, cancellationToken).ConfigureAwait(false);
        return $"{context.Facts.UsableNodes.Count} node(s)";
    })
    { Needs = ["server.configure", .. sites.Select(s => $"resources.{s}")], Attempts = 3, Timeout = TimeSpan.FromMinutes(10),
        Expected = TimeSpan.FromSeconds(3) };

    /// <summary>Nodes boot meanwhile: one may get an address from the server at the moment when we ask for another, or get another's.</summary>
    static async Task RegisterAsync(DeploymentContext context, DeploymentNode node, CancellationToken cancellationToken)
    {
        try
        {
            await context.Server.RegisterNodeAsync(node.WaltName, node.Mac, node.Ip, cancellationToken).ConfigureAwait(false);
        }
        catch (G5kException e) when (e.Code == "NodeNotRegistered")
        {
            IReadOnlyList<WaltNodeInfo> nodes = await context.Server.GetNodesAsync(cancellationToken).ConfigureAwait(false);
            if (nodes.FirstOrDefault(n => n.Name == node.WaltName
                && string.Equals(n.Mac, node.Mac, StringComparison.OrdinalIgnoreCase)) is not { } present || present.Ip == node.Ip) throw;
            context.Update(f => f with { Nodes = [.. f.Nodes.Select(n => n.Name == node.Name ? n with { Ip = present.Ip } : n)] });
        }
    }

    public static DeploymentStep Route() => new("nodes.image", "Route the nodes to their image", async (context, cancellationToken) =>
    {
        string[] names = [.. context.Facts.UsableNodes.Select(n => n.WaltName)];
        HashSet<string> early = [.. (await context.Server.GetNodesAsync(cancellationToken).ConfigureAwait(false)).Where(n => n.IsBooted)
            .Select(n => n.Name)];
        await context.Server.SetImageAsync(names, context.Request.Image, cancellationToken).ConfigureAwait(false);
        // A node that was faster than we are runs the server's default image: it boots once more.
        string[] again = [.. names.Where(early.Contains)];
        if (again.Length > 0) await context.Server.RebootAsync(again, hardOnly: false, "image change", cancellationToken).ConfigureAwait(false);
        return $"{names.Length} node(s) to {context.Request.Image}";
    })
    { Needs = ["nodes.register"], Attempts = 3, Expected = TimeSpan.FromSeconds(4) };

    public static DeploymentStep Reboot(string site, bool early) =>
        new($"nodes.reboot.{site}", $"Reboot the nodes of {site} by their management cards", async (context, cancellationToken) =>
    {
        DeploymentNode[] nodes = [.. context.Facts.UsableNodes.Where(n => n.Site == site)];
        if (nodes.Length > 0) await HardRebootAsync(context, nodes, cancellationToken).ConfigureAwait(false);
        context.NodesRebootedAt = context.Time.GetUtcNow();
        return $"{nodes.Length} node(s)";
    })
    { Needs = [$"vlan.nodes.{site}", "vlan.dhcp", early ? "server.boot" : "server.install"], Attempts = 3, Expected = TimeSpan.FromSeconds(5) };

    /// <param name="early">The nodes were rebooted while the server still started: a part of their boot is behind them.</param>
    public static DeploymentStep Wait(IEnumerable<string> sites, bool early) =>
        new("nodes.wait", "Wait for the nodes to boot", async (context, cancellationToken) =>
    {
        DeploymentNode[] waiting = [.. context.Facts.UsableNodes.Where(n => !context.HasBooted(n))];
        bool late = context.NodesRebootedAt is not { } rebooted || context.Time.GetUtcNow() - rebooted > s_patience;
        if (late && waiting.Length > 0)
        {
            waiting = await WaitRoundAsync(context, waiting, s_lastChance, cancellationToken).ConfigureAwait(false);
            await HardRebootAsync(context, waiting, cancellationToken).ConfigureAwait(false);
        }
        for (int round = 0; waiting.Length > 0; round++)
        {
            if (round > 0)
            {
                foreach (DeploymentNode node in waiting) context.Report(Findings.NodeRebootedAgain(node, round, s_bootTimeout));
                await HardRebootAsync(context, waiting, cancellationToken).ConfigureAwait(false);
            }
            waiting = await WaitRoundAsync(context, waiting, s_bootTimeout, cancellationToken).ConfigureAwait(false);
            if (round == Retries) break;
        }
        foreach (IGrouping<string, DeploymentNode> site in waiting.GroupBy(n => n.Site))
            if (site.Count() == context.Facts.UsableNodes.Count(n => n.Site == site.Key))
                context.Report(Findings.SiteDidNotBoot(site.Key, site.Count()));
        foreach (DeploymentNode node in waiting) context.Exclude(node, Findings.NodeNotBooted(node, Retries + 1));
        context.EnsureEnoughNodes();
        return $"{context.Facts.UsableNodes.Count} of {context.Facts.Nodes.Count} node(s) booted";
    })
    { Needs = ["nodes.image", .. sites.Select(s => $"nodes.reboot.{s}")], Timeout = TimeSpan.FromMinutes(40),
        Expected = TimeSpan.FromSeconds(early ? 85 : 150) };

    static async Task<DeploymentNode[]> WaitRoundAsync(DeploymentContext context, DeploymentNode[] waiting, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        Dictionary<string, DeploymentNode> byName = waiting.ToDictionary(n => n.WaltName, StringComparer.Ordinal);
        IReadOnlySet<string> booted = await context.Server.WaitBootedAsync([.. byName.Keys], limit, name => context.NodeBooted(byName[name]),
            cancellationToken).ConfigureAwait(false);
        foreach (string name in booted) context.NodeBooted(byName[name]);
        return [.. waiting.Where(n => !booted.Contains(n.WaltName))];
    }

    static Task HardRebootAsync(DeploymentContext context, IReadOnlyList<DeploymentNode> nodes, CancellationToken cancellationToken) =>
        Task.WhenAll(nodes.GroupBy(n => n.Site).Select(site =>
            HardReboot.OrderAsync(context.Kadeploy(site.Key), [.. site.Select(n => n.Name)], cancellationToken)));
}
