using System.Globalization;
using System.Text;
using WaltG5k.Core.Frontends;
using WaltG5k.Core.VirtualMachines.Addresses;
using WaltG5k.Core.VirtualMachines.Topologies;

namespace WaltG5k.Core.VirtualMachines.Deploying;

/// <summary>
/// In a VLAN one of the hosts gives addresses and names to the machines, by dnsmasq. It answers machines of this deployment only: KaVLAN's own DHCP
/// server goes on for the nodes, and the two never meet.
/// </summary>
static class VlanService
{
    const string Package = "dnsmasq";
    static readonly TimeSpan s_short = TimeSpan.FromMinutes(2);

    public static string ConfigurationOf(VMDeploymentContext context) => $"/etc/dnsmasq.d/g5k-{context.Id}.conf";

    /// <summary>Sets it up on the first host that is ready for it.</summary>
    /// <exception cref="G5kException"><c>NoServiceHost</c>: it works on none.</exception>
    public static async Task<string> StartAsync(VMDeploymentContext context, CancellationToken cancellationToken)
    {
        AddressPool pool = await context.Addresses.ReadVlanAsync(cancellationToken).ConfigureAwait(false);
        foreach (DeployedHost each in context.Hosts)
        {
            if (!await context.Board.WaitAsync(each.Name, VMStages.Packages, cancellationToken).ConfigureAwait(false)) continue;
            DeployedHost host = context.Current(each);
            try
            {
                await HostSetup.InstallAsync(context, host, [Package], cancellationToken).ConfigureAwait(false);
                await WriteAsync(context, host, pool, cancellationToken).ConfigureAwait(false);
                context.Update(f => f with { ServiceHost = host.Name });
                return host.ShortName;
            }
            catch (G5kException e) when (e.Code is not "JobEnded")
            {
                context.Lose(host, VMFindings.HostLost("network.dhcp", host, e));
            }
        }
        throw new G5kException("NoServiceHost", ErrorKind.LimitsExceeded, "No host can give addresses to the machines in the VLAN.", context.Id,
            "Deploy again; the findings tell what was wrong with each host.");
    }

    static async Task WriteAsync(VMDeploymentContext context, DeployedHost host, AddressPool pool, CancellationToken cancellationToken)
    {
        string own = "";
        if (host.VlanNic is not null)
        {
            // The last address of the plan: machines take the first ones.
            own = pool.Addresses[^1].Ip;
            string give = $"ip addr replace {own}/{pool.Network!.Split('/')[1]} dev {HostMachines.Bridge}";
            (await context.Shell.RunAsync(host, give, s_short, cancellationToken).ConfigureAwait(false))
                .EnsureSuccess("BridgeNotMade", "the bridge takes no address", "Look at it: ip addr");
        }
        string file = PosixShell.Quote(ConfigurationOf(context));
        (await context.Shell.RunAsync(host, $"mkdir -p /etc/dnsmasq.d && tee {file} > /dev/null && systemctl restart dnsmasq", s_short,
            cancellationToken, Configuration(context, pool)).ConfigureAwait(false))
            .EnsureSuccess("DnsmasqNotStarted", "dnsmasq does not start", $"Look at it: ssh root@{host.SshName} journalctl -u dnsmasq");
    }

    /// <summary>Static addresses by MAC; strangers get nothing.</summary>
    public static string Configuration(VMDeploymentContext context, AddressPool pool)
    {
        VirtualMachine[] machines = context.Facts.Topology!.Machines;
        string[] network = (pool.Network ?? "").Split('/');
        int bits = network.Length == 2 ? int.Parse(network[1], CultureInfo.InvariantCulture) : 20;
        var text = new StringBuilder();
        text.Append("interface=").Append(HostMachines.Bridge).Append("\nbind-dynamic\ndhcp-ignore=tag:!known\n");
        text.Append(CultureInfo.InvariantCulture, $"dhcp-lease-max={Math.Max(1000, 2 * machines.Length)}\n");
        text.Append(CultureInfo.InvariantCulture, $"dhcp-range={network[0]},static,{Ipv4.Text(uint.MaxValue << (32 - bits))},12h\n");
        text.Append(pool.Gateway is { } gateway ? $"dhcp-option=option:router,{gateway}\n" : "dhcp-option=option:router\n");
        foreach (VirtualMachine machine in machines)
            text.Append("dhcp-host=").Append(machine.Mac).Append(',').Append(machine.Id).Append(',').Append(machine.Ip).Append('\n')
                .Append("host-record=").Append(machine.Id).Append(',').Append(machine.Ip).Append('\n');
        return text.ToString();
    }
}
