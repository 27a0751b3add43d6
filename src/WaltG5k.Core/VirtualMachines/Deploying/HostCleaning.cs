using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>Takes from the hosts what was put there, where their jobs go on. Nodes of jobs that end are installed anew by Grid'5000.</summary>
static class HostCleaning
{
    static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    public static async Task RunAsync(VMDeploymentContext context, bool jobsEnd, CancellationToken cancellationToken)
    {
        if (jobsEnd) return;
        await Task.WhenAll(context.Hosts.Select(async host =>
        {
            if (!context.Board.HasPassed(host.Name, VMStages.Network)) return;
            try { await CleanAsync(context, host, cancellationToken).ConfigureAwait(false); }
            catch (G5kException e) { context.Report(VMFindings.NotCleaned(host, e.Message)); }
        })).ConfigureAwait(false);
    }

    static async Task CleanAsync(VMDeploymentContext context, DeployedHost host, CancellationToken cancellationToken)
    {
        const string virsh = "virsh --connect qemu:///system -q";
        string folder = PosixShell.Quote(context.WorkFolder), real = PosixShell.Quote(HostSetup.RealFolder(context));
        IEnumerable<string> lines =
        [
            .. context.MachinesOn(host.Name).Where(m => context.ProgressOf(m.Id).Stage != VMStage.Placed)
            .Select(m => $"{virsh} destroy {PosixShell.Quote(m.Id)}; {virsh} undefine --nvram {PosixShell.Quote(m.Id)}"),
            .. context.Facts.Images.Values.SelectMany(i => i.Sums.Values).Distinct(StringComparer.Ordinal)
            .Select(s => $"systemctl stop g5k-spread-{s[..12]}"),
            .. context.Facts.ServiceHost == host.Name
            ? (string[])[$"rm -f {PosixShell.Quote(VlanService.ConfigurationOf(context))}; systemctl restart dnsmasq"]
            : [],
            $"umount {folder}; rm -rf {folder} {real}",
        ];
        await context.Shell.RunAsync(host, string.Join("\n", lines), s_limit, cancellationToken).ConfigureAwait(false);
    }
}
