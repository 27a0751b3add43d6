using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Commands;

/// <summary>Enable-G5kVlanDhcp: starts Grid'5000's DHCP in VLANs.</summary>
[Cmdlet(VerbsLifecycle.Enable, "G5kVlanDhcp", SupportsShouldProcess = true)]
[OutputType(typeof(G5kVlan))]
public sealed class EnableG5kVlanDhcpCommand : VlanDhcpCmdlet
{
    internal override bool IsEnabled => true;
}
