using System.Globalization;
using WaltG5k.Core.Execution;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Grid5000;
using WaltG5k.Core.Kadeploy;
using WaltG5k.Core.Kadeploy.Deploying;
using WaltG5k.Core.Oar;
using WaltG5k.Core.Reservations;
using WaltG5k.Core.VirtualMachines.Placement;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>From the jobs to running machines.</summary>
static class VMSteps
{
    static readonly TimeSpan s_sum = TimeSpan.FromMinutes(15);

    /// <summary>The checksums of the images, while OAR and Kadeploy are busy.</summary>
    public static VMStep SumImages() => new("images", "Take the checksums of the images", async (context, cancellationToken) =>
    {
        IReadOnlyList<string> sites = VMDeploymentKind.SitesOf(context.Request);
        var images = new Dictionary<string, VMImage>(StringComparer.Ordinal);
        foreach ((string asked, VMImage image) in context.Request.Images)
        {
            var sums = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string site in sites) sums[site] = await SumAsync(context.Frontend(site), image.Path, cancellationToken).ConfigureAwait(false);
            images[asked] = image with { Sums = sums };
        }
        context.Update(f => f with { Images = images });
        return $"{images.Count} image(s)";
    })
    { Attempts = 2, Timeout = TimeSpan.FromMinutes(40), Expected = TimeSpan.FromSeconds(10) };

    static async Task<string> SumAsync(IFrontend frontend, string path, CancellationToken cancellationToken)
    {
        CommandResult result = await frontend.RunAsync(new CommandRequest("sha256sum", "--", path) { Timeout = s_sum }, null, cancellationToken).ConfigureAwait(false);
        string sum = result.Output.Trim().Split(' ')[0];
        if (result.ExitStatus == 0 && sum.Length == 64) return sum.ToLower(CultureInfo.InvariantCulture);
        throw new CommandFailedException("ImageNotFound", $"The image {path} cannot be read at {frontend.Site}", result, path, $"Images of yours have to be in your home at {frontend.Site}; Grid'5000's own are in /grid5000/virt-images.", ErrorKind.ObjectNotFound);
    }

    public static VMStep Identify(IReadOnlyList<string> jobs) => new("hosts", "Identify the hosts and what they have", async (context, cancellationToken) =>
    {
        IEnumerable<string> names = context.Reservation!.Jobs.SelectMany(j => j.Nodes);
        if (context.Request.Hosts.Count > 0) names = names.Where(n => context.Request.Hosts.Contains(n, StringComparer.OrdinalIgnoreCase));
        NodeInfo[] nodes = await Task.WhenAll(names.Distinct(StringComparer.Ordinal).Select(n => context.Api.GetNodeAsync(n, cancellationToken))).ConfigureAwait(false);
        var hosts = new List<DeployedHost>();
        foreach (NodeInfo node in nodes)
        {
            NicInfo? second = context.Request.Vlan == VlanKind.Local ? node.Nics.FirstOrDefault(n => n.IsUsableEthernet && n.Kavlan && n != node.MainNic) : null;
            string? obstacle = !node.CanHostMachines ? "its processors have no virtualisation, or it is switched off"
                : context.Request.Vlan == VlanKind.Local && second is null ? "it has no second adapter under KaVLAN" : null;
            if (obstacle is not null)
            {
                context.Report(VMFindings.HostNotAble(node.Name, obstacle));
                continue;
            }
            VMHost hardware = VMHost.From(node);
            hosts.Add(new DeployedHost(node.Name, node.Site) { Cluster = node.Cluster, Cpu = hardware.Cpu, Cores = hardware.Cores, Memory = hardware.Memory, VlanNic = second?.Name, VlanNicAddress = second?.NetworkAddress });
        }
        if (hosts.Count == 0)
            throw new G5kException("NoHosts", ErrorKind.ResourceUnavailable, "None of the nodes can host virtual machines.", context.Id, "Hosts that can: Get-G5kNode, those with a Virtualization.");
        context.Update(f => f with { Hosts = hosts });
        return $"{hosts.Count} host(s)";
    })
    { Needs = jobs, Attempts = 3 };

    public static VMStep Place() => new("topology", "Place the machines on the hosts", (context, _) =>
    {
        VMHost[] hosts = [.. VMTopology.Sort(context.Facts.Hosts.Select(h => new VMHost(h.Name) { Site = h.Site, Cluster = h.Cluster, Cpu = h.Cpu, Cores = h.Cores, Memory = h.Memory }))];
        VMTopology topology = VMPlacement.Arrange(context.Request, hosts);
        HashSet<string> used = [.. topology.Hosts.Select(h => h.Name)];
        context.Update(f => f with { Hosts = [.. f.Hosts.Where(h => used.Contains(h.Name))], Topology = topology });
        return Task.FromResult($"{topology.MachineCount} machine(s) on {topology.HostCount} host(s)");
    })
    { Needs = ["hosts"], Expected = TimeSpan.FromSeconds(1) };

    public static VMStep Addresses(bool hasVlan) => new("addresses", "Give each machine its address", async (context, cancellationToken) =>
    {
        VMTopology topology = await context.Addresses.AssignAsync(context.Facts.Topology!, cancellationToken).ConfigureAwait(false);
        context.Update(f => f with { Topology = context.Addresses.Renew(f.Topology!.MachineCount == topology.MachineCount ? Merge(f.Topology, topology) : topology), HasAddresses = true });
        return $"{topology.MachineCount} address(es)";
    })
    { Needs = hasVlan ? ["topology", "vlan.id"] : ["topology"], Attempts = 3, Timeout = TimeSpan.FromMinutes(5), Expected = TimeSpan.FromSeconds(hasVlan ? 5 : 2) };

    /// <summary>A host may have been lost while addresses were read: who is where is what it is now.</summary>
    static VMTopology Merge(VMTopology now, VMTopology addressed)
    {
        Dictionary<string, VirtualMachine> machines = addressed.Machines.ToDictionary(m => m.Id, StringComparer.Ordinal);
        return now.Update((_, machine) => machine with { Ip = machines[machine.Id].Ip, Mac = machines[machine.Id].Mac });
    }

    public static VMStep Deploy(string site, bool hasVlan) => new($"{VMStages.Deploy}.{site}", $"Deploy the hosts of {site} with Kadeploy", async (context, cancellationToken) =>
    {
        bool inVlan = hasVlan && context.Request.Vlan != VlanKind.Local;
        if (inVlan) context.Update(f => f with { Hosts = [.. f.Hosts.Select(h => h.Site != site ? h : h with { Address = NameInVlan(h, f.VlanId!.Value) })] });
        DeployedHost[] hosts = [.. context.Hosts.Where(h => h.Site == site && !context.Board.HasPassed(h.Name, VMStages.Deploy))];
        if (hosts.Length == 0) return "no host";
        Dictionary<string, DeployedHost> byName = hosts.ToDictionary(h => h.Name, StringComparer.OrdinalIgnoreCase);
        string environment = context.Request.Environment!;
        bool isDescription = environment.Contains('/', StringComparison.Ordinal) || environment.EndsWith(".yaml", StringComparison.Ordinal) || environment.EndsWith(".dsc", StringComparison.Ordinal);
        var request = new NodeDeploymentRequest
        {
            Nodes = [.. hosts.Select(h => h.Name)],
            Order = new KadeployRequest { Nodes = [], Environment = environment, IsDescription = isDescription, Vlan = inVlan ? context.Facts.VlanId!.Value.ToString(CultureInfo.InvariantCulture) : null },
            Retries = 1,
        };
        var deployment = new NodeDeployment(request, s => new CommandChannel(context.Frontend(s), context.Time, DeploymentFiles.None), (s, ct) => FindOwnAsync(context, s, ct), context.Time, context.Reporter)
        {
            OnResult = result =>
            {
                if (!byName.TryGetValue(result.Node, out DeployedHost? host)) return;
                if (result.IsOk) context.Pass(host, VMStages.Deploy);
                else context.Lose(host, VMFindings.HostNotDeployed(host, result));
            },
        };
        NodeDeploymentSummary summary = await deployment.RunAsync(cancellationToken).ConfigureAwait(false);
        if (summary.Good.Count == 0 && summary.Refusals is [var refusal, ..]) throw refusal;
        context.EnsureEnough();
        return $"{summary.Good.Count} of {hosts.Length} host(s) run {environment}";
    })
    { Needs = hasVlan ? ["topology", $"vlan.rights.{site}"] : ["topology"], Timeout = TimeSpan.FromMinutes(70), Expected = TimeSpan.FromMinutes(5) };

    static string NameInVlan(DeployedHost host, int vlan) => string.Create(CultureInfo.InvariantCulture, $"{host.ShortName}-kavlan-{vlan}.{host.Site}.grid5000.fr");

    static async Task<IReadOnlyCollection<string>> FindOwnAsync(VMDeploymentContext context, string site, CancellationToken cancellationToken)
    {
        var own = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (ReservationJob job in context.Reservation!.Jobs.Where(j => j.Site == site))
            if (await context.Oar(site).GetJobAsync(job.JobId, cancellationToken).ConfigureAwait(false) is { State: OarJobState.Running } running) own.UnionWith(running.Nodes);
        return own;
    }

    public static VMStep SpreadImages()
    {
        VMStep spread = VMStep.OnHosts(VMStages.Image, "Spread the images over the hosts", [VMStages.Network], (context, host, cancellationToken) =>
            Task.WhenAll(context.Spread.For(host).Select(i => context.Spread.EnsureAsync(host, i, cancellationToken))));
        return spread with
        {
            Expected = TimeSpan.FromSeconds(40),
            Run = async (context, cancellationToken) =>
            {
                string note = await spread.Run(context, cancellationToken).ConfigureAwait(false);
                string[] sums = [.. context.Facts.Images.Values.SelectMany(i => i.Sums.Values).Distinct(StringComparer.Ordinal)];
                await Task.WhenAll(context.Hosts.Select(async h =>
                {
                    try { await ImageSpread.StopAsync(context, h, sums, cancellationToken).ConfigureAwait(false); }
                    catch (G5kException e) { context.Reporter.Verbose($"{h.ShortName} still offers the image: {e.Message}"); }
                })).ConfigureAwait(false);
                return note;
            },
        };
    }

    public static Task MakeDisksAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken) =>
        HostDisks.MakeAsync(context, host, At(context, host, VMStage.Placed), cancellationToken);

    public static Task StartAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken) =>
        HostMachines.StartAsync(context, host, At(context, host, VMStage.Prepared), cancellationToken);

    public static IReadOnlyList<VirtualMachine> At(VMDeploymentContext context, DeployedHost host, VMStage stage) =>
        [.. context.MachinesOn(host.Name).Where(m => context.ProgressOf(m.Id).Stage == stage)];

    public static VMStep Wait() => new("machines.wait", "Wait until the machines answer ssh", (context, cancellationToken) => new MachineWait(context).RunAsync(cancellationToken))
        { Needs = ["addresses"], Follows = [VMStages.Start], Timeout = Timeout.InfiniteTimeSpan, Expected = TimeSpan.FromSeconds(35) };   // each machine has its own limit

    public static VMStep Lists() => new("lists", "Write the lists of hosts and machines", MachineLists.WriteAsync) { Needs = ["machines.wait"], Attempts = 2 };

    public static VMStep Program() => new("program", "Run the program", ProgramRun.RunAsync) { Needs = ["lists"], Timeout = Timeout.InfiniteTimeSpan, Expected = TimeSpan.FromSeconds(10) };
}
