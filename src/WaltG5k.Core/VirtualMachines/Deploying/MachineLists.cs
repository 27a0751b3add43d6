using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.Storage;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>The lists for whoever works with the machines next: vm5k's own, and the same as CSV, XML and JSON.</summary>
static class MachineLists
{
    public const string Hosts = "hosts.csv", Machines = "vms.csv";

    public static IReadOnlyDictionary<string, string> Make(VMDeploymentContext context)
    {
        VMTopology topology = context.Facts.Topology!;
        topology = topology with
        {
            Hosts =
            [
                .. topology.Hosts.Select(h => h with
                {
                    State = context.Board.IsLost(h.Name) ? TopologyState.Failed : TopologyState.Ready,
                    Machines = [.. h.Machines.Select(m => m with { State = context.ProgressOf(m.Id).Stage == VMStage.Ready
                    ? TopologyState.Ready
                    : TopologyState.Failed })],
                }),
            ],
        };
        (VMHost Host, VirtualMachine Machine)[] ready =
            [.. topology.Hosts.SelectMany(h => h.Machines, (h, m) => (h, m)).Where(p => p.m.State == TopologyState.Ready)];
        VMHost[] used = [.. topology.Hosts.Where(h => h.State == TopologyState.Ready)];
        var hosts = new StringBuilder("host,site,cluster,cpu,memory,machines\n");
        foreach (VMHost host in used) hosts.Append(CultureInfo.InvariantCulture,
            $"{host.Name},{host.Site},{host.Cluster},{host.Cpu},{host.Memory},{host.Machines.Count}\n");
        var machines = new StringBuilder("name,ip,mac,host,site,cpu,memory,state\n");
        foreach ((VMHost host, VirtualMachine m) in topology.Hosts.SelectMany(h => h.Machines, (h, m) => (h, m)))
            machines.Append(CultureInfo.InvariantCulture,
                $"{m.Id},{m.Ip},{m.Mac},{host.Name},{host.Site},{m.Cpu},{m.Memory},{(m.State == TopologyState.Ready ? "OK" : "KO")}\n");
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["hosts.list"] = string.Concat(used.Select(h => h.Name + "\n")),
            ["vms.list"] = string.Concat(ready.Select(p => $"{p.Machine.Ip}\t{p.Machine.Id}\n")),
            [Hosts] = hosts.ToString(),
            [Machines] = machines.ToString(),
            ["topology.xml"] = TopologyText.Write(topology, TopologyFormat.Xml),
            ["topology.json"] = TopologyText.Write(topology, TopologyFormat.Json),
        };
    }

    /// <summary>On the front-end of the first site, for programs there, and in the user's folder.</summary>
    public static async Task<string> WriteAsync(VMDeploymentContext context, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> files = Make(context);
        if (context.Request.OutputFolder is { } local)
            foreach ((string name, string text) in files) AtomicFile.Write(Path.Combine(local, name), text);
        IFrontend frontend = context.Frontend(FirstSite(context));
        string folder = "";
        foreach ((string name, string text) in files)
        {
            string path = await frontend.StoreAsync($"vm-lists/{context.Id}", name, text, cancellationToken).ConfigureAwait(false);
            folder = path[..path.LastIndexOf('/')];
        }
        context.Update(f => f with { Folder = folder });
        return folder;
    }

    public static string FirstSite(VMDeploymentContext context) => VMDeploymentKind.SitesOf(context.Request)[0];
}
