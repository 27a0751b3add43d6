using System.Management.Automation;
using WaltG5k.Core;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Base;

/// <summary>A cmdlet that changes who may use VLANs.</summary>
public abstract class VlanUserCmdlet : VlanCmdlet
{
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] User { get; set; } = [];

    internal abstract bool IsAuthorized { get; }

    internal override async Task ActAsync(KavlanService kavlan, string id, CancellationToken cancellationToken)
    {
        bool isChanged = false;
        foreach (string user in User.Distinct(StringComparer.Ordinal))
        {
            if (!await ConfirmAsync($"VLAN {id} at {kavlan.Site}", IsAuthorized ? $"Let {user} use it" : $"Take the right from {user}")
                .ConfigureAwait(false)) continue;
            try
            {
                await kavlan.SetUserAsync(id, user, IsAuthorized, cancellationToken).ConfigureAwait(false);
                isChanged = true;
            }
            catch (G5kException e) { WriteFailure(e); }
        }
        if (isChanged) await PassAsync(kavlan, id, cancellationToken).ConfigureAwait(false);
    }
}
