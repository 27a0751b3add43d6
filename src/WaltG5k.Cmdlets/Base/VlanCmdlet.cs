using System.Management.Automation;
using WaltG5k.Commands;
using WaltG5k.Completers;
using WaltG5k.Core;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Base;

/// <summary>A cmdlet that changes something of a VLAN, without touching who is in it.</summary>
public abstract class VlanCmdlet : G5kCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("Vlan")]
    [ArgumentCompleter(typeof(VlanCompleter))]
    public string[] Id { get; set; } = [];

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(SiteCompleter))]
    public string? Site { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>How KaVLAN is asked.</summary>
    internal virtual KavlanWay Way => KavlanWay.Automatic;

    internal abstract Task ActAsync(KavlanService kavlan, string id, CancellationToken cancellationToken);

    protected override async Task ProcessAsync(CancellationToken cancellationToken)
    {
        KavlanService kavlan = await VlanAccess.OpenAsync(this, Site, Way, cancellationToken).ConfigureAwait(false);
        foreach (string id in Id)
        {
            try { await ActAsync(kavlan, id, cancellationToken).ConfigureAwait(false); }
            catch (G5kException e) { WriteFailure(e); }
        }
    }

    /// <summary>Writes the VLAN as it is now, if it is wanted.</summary>
    internal async Task PassAsync(KavlanService kavlan, string id, CancellationToken cancellationToken)
    {
        if (!PassThru) return;
        G5kVlan? vlan = (await kavlan.GetVlansAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(v => v.Id == id);
        if (vlan is not null) Write(VlanAccess.Complete(Session, await kavlan.AddDetailsAsync(vlan, cancellationToken).ConfigureAwait(false)));
    }
}
