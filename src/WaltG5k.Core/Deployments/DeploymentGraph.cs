using WaltG5k.Core.Deployments.Steps;

namespace WaltG5k.Core.Deployments;

/// <summary>The steps of a deployment and what each waits for. The order of the list has needs first.</summary>
static class DeploymentGraph
{
    /// <param name="request">With the image, the installation and the rest of the wishes.</param>
    /// <param name="sites">All sites that give nodes, the server's among them.</param>
    public static IReadOnlyList<DeploymentStep> Build(DeploymentRequest request, IReadOnlyList<string> sites, string serverSite, string vlanSite)
    {
        bool fromPackages = request.Installation == ServerInstallation.Packages;
        var steps = new List<DeploymentStep> { JobSteps.Reserve() };
        steps.AddRange(sites.Select(JobSteps.WaitRunning));
        steps.AddRange(sites.Select(s => ResourceSteps.Detect(s, s == serverSite)));
        steps.Add(ResourceSteps.VlanId(vlanSite));
        steps.AddRange(sites.Select(VlanSteps.Rights));
        steps.Add(VlanSteps.DhcpOff(vlanSite));
        steps.Add(VlanSteps.AttachServer(serverSite));
        steps.AddRange(sites.Select(VlanSteps.AttachNodes));
        steps.Add(ServerSteps.Deploy(serverSite));
        // The nodes' firmware takes two minutes: they are rebooted while the server still starts, and find it ready.
        steps.Add(ServerSteps.Booting() with { Needs = [$"resources.{serverSite}"] });
        if (fromPackages) steps.Add(ServerSteps.Install());
        steps.AddRange(sites.Select(s => NodeSteps.Reboot(s, early: !fromPackages)));
        steps.Add(ServerSteps.Configure(fromPackages));
        steps.Add(ServerSteps.ClientConfiguration());
        steps.Add(NodeSteps.Register(sites));
        steps.Add(NodeSteps.Route());
        steps.Add(NodeSteps.Wait(sites, early: !fromPackages));
        return steps;
    }

    /// <summary>
    /// The same steps one after the other, in the order of <c>walt g5k</c>: the yardstick for what the graph gains.
    /// </summary>
    public static IReadOnlyList<DeploymentStep> InPluginOrder(IReadOnlyList<DeploymentStep> steps, string serverSite)
    {
        string[] order = ["reserve", $"job.{serverSite}", $"resources.{serverSite}", "vlan.id", "server.deploy", "server.boot", "job.", "resources.",
            "vlan.rights.",
            "server.install", "server.configure", "vlan.dhcp", "vlan.server", "vlan.nodes.", "client.conf", "nodes.register", "nodes.image",
            "nodes.reboot.", "nodes.wait"];
        int Rank(DeploymentStep step) => Array.FindIndex(order,
            o => o.EndsWith('.') ? step.Name.StartsWith(o, StringComparison.Ordinal) : step.Name == o);
        DeploymentStep[] sorted = [.. steps.OrderBy(Rank).ThenBy(s => s.Name, StringComparer.Ordinal)];
        return [.. sorted.Select((step, i) => step with { Needs = i == 0 ? [] : [sorted[i - 1].Name] })];
    }
}
