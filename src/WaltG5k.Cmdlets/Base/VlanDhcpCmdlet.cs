using System.Management.Automation;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Base;

/// <summary>A cmdlet that starts or stops Grid'5000's DHCP in VLANs.</summary>
public abstract class VlanDhcpCmdlet : VlanCmdlet
{
    [Parameter]
    public KavlanWay Method { get; set; }

    internal override KavlanWay Way => Method;

    internal abstract bool IsEnabled { get; }

    internal override async Task ActAsync(KavlanService kavlan, string id, CancellationToken cancellationToken)
    {
        if (!await ConfirmAsync($"VLAN {id} at {kavlan.Site}", IsEnabled ? "Start its DHCP service" : "Stop its DHCP service").ConfigureAwait(false))
            return;
        await kavlan.SetDhcpAsync(id, IsEnabled, null, cancellationToken).ConfigureAwait(false);
        Session.VlanDhcp[(kavlan.Site, id)] = IsEnabled;
        await PassAsync(kavlan, id, cancellationToken).ConfigureAwait(false);
    }
}
