using System.Management.Automation;
using WaltG5k.Base;
using WaltG5k.Core.Kavlan;

namespace WaltG5k.Commands;

/// <summary>Remove-G5kVlanUser: takes the right on VLANs from others.</summary>
[Cmdlet(VerbsCommon.Remove, "G5kVlanUser", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(G5kVlan))]
public sealed class RemoveG5kVlanUserCommand : VlanUserCmdlet
{
    internal override bool IsAuthorized => false;
}
