using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Commands;

/// <summary>Disable-G5kVlanDhcp: stops Grid'5000's DHCP in VLANs, before another one serves there.</summary>
[Cmdlet(VerbsLifecycle.Disable, "G5kVlanDhcp", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVlan))]
public sealed class DisableG5kVlanDhcpCommand : VlanDhcpCmdlet
{
    internal override bool IsEnabled => false;
}
