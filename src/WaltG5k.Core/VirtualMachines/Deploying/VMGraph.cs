using WaltG5k.Core.Deployments;
using WaltG5k.Core.Deployments.Journal;
using WaltG5k.Core.Deployments.Steps;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Reservations;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>The steps of a deployment of virtual machines and what each waits for. Needs come first in the list.</summary>
static class VMGraph
{
    /// <param name="sites">All sites that give hosts.</param>
    public static IReadOnlyList<VMStep> Build(VMDeploymentRequest request, IReadOnlyList<string> sites)
    {
        bool hasVlan = request.Vlan != VlanKind.None, deploys = request.Environment is not null;
        string[] jobs = [.. sites.Select(s => $"job.{s}")];
        var steps = new List<VMStep>
        {
            VMSteps.SumImages(),
            new("reserve", "Reserve hosts and addresses on every site, all or nothing", JobSteps.ReserveAsync) { Expected = TimeSpan.FromSeconds(3),
            Timeout = TimeSpan.FromMinutes(15) },
        };
        steps.AddRange(sites.Select(s => new VMStep($"job.{s}", $"Wait for the job at {s} to run", (c, ct) => JobSteps.WaitRunningAsync(c, s, ct))
            { Needs = ["reserve"], Expected = TimeSpan.FromSeconds(20), Timeout = Timeout.InfiniteTimeSpan }));
        steps.Add(VMSteps.Identify(jobs));
        steps.Add(VMSteps.Place());
        if (hasVlan)
        {
            steps.Add(VMVlanSteps.VlanId(jobs));
            steps.AddRange(sites.Select(VMVlanSteps.Rights));
        }
        steps.Add(VMSteps.Addresses(hasVlan));
        if (deploys) steps.AddRange(sites.Select(s => VMSteps.Deploy(s, hasVlan)));
        if (request.Vlan == VlanKind.Local) steps.AddRange(sites.Select(VMVlanSteps.AttachHosts));
        string[] before = deploys ? [VMStages.Deploy] : [];
        string[] ready = request.Vlan == VlanKind.Local ? [.. sites.Select(s => $"vlan.hosts.{s}")] : [];
        steps.Add(VMStep.OnHosts(VMStages.Network, "Make a bridge and a place for disks on each host", before, HostSetup.NetworkAsync) with
            { Needs = ["topology", .. ready], Follows = deploys ? [.. sites.Select(s => $"{VMStages.Deploy}.{s}")] : [],
                Expected = TimeSpan.FromSeconds(4) });
        steps.Add(VMStep.OnHosts(VMStages.Packages, "Install what is missing of libvirt and QEMU", [VMStages.Network], HostSetup.PackagesAsync) with
            { Needs = ["topology"], Expected = TimeSpan.FromSeconds(75) });
        steps.Add(VMSteps.SpreadImages() with { Needs = ["topology", "images"] });
        if (hasVlan) steps.Add(VMVlanSteps.Dhcp());
        steps.Add(VMStep.OnHosts(VMStages.Disks, "Make the disks and seeds of the machines", [VMStages.Packages, VMStages.Image],
            VMSteps.MakeDisksAsync) with
            { Needs = ["addresses"], Expected = TimeSpan.FromSeconds(5) });
        steps.Add(VMStep.OnHosts(VMStages.Start, "Start the machines", [VMStages.Disks], VMSteps.StartAsync) with
            { Needs = hasVlan ? ["addresses", "network.dhcp"] : ["addresses"], Expected = TimeSpan.FromSeconds(15) });
        steps.Add(VMSteps.Wait());
        steps.Add(VMSteps.Lists());
        if (request.Program is not null) steps.Add(VMSteps.Program());
        return steps;
    }

    /// <summary>
    /// The same steps one after the other, each with all hosts before the next begins, in the order of vm5k: the yardstick for what the graph gains.
    /// </summary>
    public static IReadOnlyList<Step<VMDeploymentContext>> InOrderOfVm5k(IReadOnlyList<Step<VMDeploymentContext>> steps)
    {
        string[] order =
        [
            "reserve", "job.", "hosts", "addresses", "vlan.", "topology", "hosts.deploy.", "hosts.packages", "images", "hosts.image",
                "hosts.network", "network.dhcp", "machines.disks", "machines.start",
            "machines.wait", "lists", "program",
        ];
        int Rank(Step<VMDeploymentContext> step) =>
            Array.FindIndex(order, o => o.EndsWith('.') ? step.Name.StartsWith(o, StringComparison.Ordinal) : step.Name == o);
        Step<VMDeploymentContext>[] sorted = [.. steps.OrderBy(Rank)];
        // Addresses are given to placed machines, and the folder for disks comes with the network.
        Move("topology", "addresses");
        Move("hosts.network", "hosts.packages");
        return [.. sorted.Select((step, i) => step with { Needs = i == 0 ? [] : [sorted[i - 1].Name] })];

        void Move(string name, string before)
        {
            Step<VMDeploymentContext> moved = sorted.First(s => s.Name == name);
            List<Step<VMDeploymentContext>> rest = [.. sorted.Where(s => s != moved)];
            rest.Insert(rest.FindIndex(s => s.Name == before), moved);
            sorted = [.. rest];
        }
    }
}

sealed class VMDeploymentKind : DeploymentKind<VMDeploymentContext>
{
    public static VMDeploymentKind Instance { get; } = new();

    public override DeploymentNouns Nouns => VMDeploymentContext.Words;

    public override VMDeploymentContext Open(IGrid grid, IReporter reporter, DeploymentJournal journal, JournalReader past) =>
        new(grid, reporter, journal, past);

    public override IReadOnlyList<Step<VMDeploymentContext>> Steps(VMDeploymentContext context) =>
        VMGraph.Build(context.Request, SitesOf(context.Request));

    public static IReadOnlyList<string> SitesOf(VMDeploymentRequest request) =>
        [.. (request.Reservation?.Jobs.Select(j => j.Site) ?? request.Reserve!.NodeCounts.Keys).Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)];
}
